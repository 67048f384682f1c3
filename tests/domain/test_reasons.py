"""Why an answer came, in words."""

from server.api.questions.word import KINDS
from server.domain.questions import reasons


def test_every_kind_of_answer_says_why_it_came() -> None:
    assert set(reasons.BY_KIND) == set(KINDS)
    assert reasons.why("emergency", "low_value") != reasons.why("emergency", "chest_pain") == reasons.BY_KIND["emergency"]
