"""Who answers what, until when, and what whoever waits is told."""

import datetime as dt

import pytest

from server.domain import access
from server.domain.organisations import DEFAULT_SERVICE_HOURS
from server.domain.questions import responding, tickets
from server.domain.refusals import Refusal

WEEKDAYS = {"from": "09:00", "to": "17:00", "weekdays": [1, 2, 3, 4, 5], "timezone": "Asia/Shanghai"}


def at(text: str) -> dt.datetime:
    """An instant on the clock of Shanghai."""
    return dt.datetime.fromisoformat(f"{text}:00+08:00")


@pytest.mark.parametrize(("kind", "medical", "need"), [
    ("emergency", None, "urgent"), ("crisis", False, "urgent"), ("dose_refusal", False, "medical"),
    ("answered", True, "medical"), ("answered", False, "general"), ("unsure", False, "general"),
    # Nobody understood it, so it may be anything.
    ("unsure", None, "medical"), ("refused", None, "medical"), ("small_talk", None, "medical"),
])
def test_what_a_question_needs(kind: str, medical: bool | None, need: str) -> None:
    assert tickets.need_of(kind, medical=medical) == need


def test_a_medical_question_is_for_nurse_and_doctor_only() -> None:
    assert access.MAY["ticket.medical"] == {"nurse", "doctor"}
    assert access.MAY["ticket.urgent"] == {"health_manager", "nurse", "doctor"}
    assert "leader" not in access.MAY["ticket.general"]
    for need in tickets.NEEDS:
        assert set(tickets.TOLD[need]) <= access.MAY[f"ticket.{need}"], "nobody is told of what they may not read"


@pytest.mark.parametrize(("need", "asked", "due"), [
    ("medical", "2026-03-02T10:00", "2026-03-02T12:00"),
    # Two hours of service: one today, one tomorrow.
    ("medical", "2026-03-02T16:00", "2026-03-03T10:00"),
    ("general", "2026-03-06T16:30", "2026-03-09T10:30"),  # a Friday
    ("general", "2026-03-07T12:00", "2026-03-09T11:00"),  # a Saturday
    # What is urgent waits for nobody's hours.
    ("urgent", "2026-03-07T23:00", "2026-03-07T23:15"),
])
def test_the_clock_of_the_first_reply_runs_in_service_hours(need: str, asked: str, due: str) -> None:
    assert tickets.due_at(need, WEEKDAYS, at(asked)) == at(due)


@pytest.mark.parametrize(("now", "said"), [
    ("2026-03-02T10:00", "最晚今天 12:00"), ("2026-03-02T20:00", "明天 09:00 起有人回复"),
    ("2026-03-02T07:00", "今天 09:00 起有人回复"), ("2026-03-07T12:00", "3月9日 09:00 起有人回复"),
])
def test_who_waits_is_told_when_a_person_answers(now: str, said: str) -> None:
    due = tickets.due_at("medical", WEEKDAYS, at(now))
    assert said in tickets.says("open", "medical", WEEKDAYS, at(now), due)


def test_who_waits_too_long_is_told_so_and_who_asks_nobody_too() -> None:
    now = at("2026-03-02T15:00")
    assert "让您久等了" in tickets.says("taken", "medical", WEEKDAYS, now, at("2026-03-02T12:00"))
    assert "没有工作人员" in tickets.says("open", "urgent", None, now, None)
    assert "120" in tickets.says("open", "urgent", DEFAULT_SERVICE_HOURS, now, now)
    assert len({tickets.says(status, "medical", WEEKDAYS, now, now) for status in tickets.STATUSES}) == 3


@pytest.mark.parametrize(("status", "mine", "code"), [
    ("open", False, None), ("taken", True, None), ("taken", False, "ticket_taken"), ("replied", False, "ticket_taken"),
    ("closed", True, "ticket_closed"), ("closed", False, "ticket_closed"),
])
def test_a_ticket_is_taken_once(status: str, mine: bool, code: str | None) -> None:
    assert refused(lambda: tickets.check_takes(status, is_mine=mine)) == code


@pytest.mark.parametrize(("role", "licensed", "names_dose", "code"), [
    ("nurse", False, False, None), ("doctor", False, True, "reply_names_dose"), ("nurse", True, True, None),
    ("doctor", True, True, None),
    # A licence is a hospital's; it makes nobody a doctor.
    ("health_manager", True, True, "reply_names_dose"), ("admin", True, True, "reply_names_dose"),
])
def test_a_dose_is_named_by_nobody_without_the_licence(role: str, licensed: bool, names_dose: bool, code: str | None) -> None:
    assert refused(lambda: tickets.check_reply({role}, licensed=licensed, names_dose=names_dose)) == code


@pytest.mark.parametrize(("held", "role"), [
    ({"admin"}, "admin"), ({"admin", "nurse"}, "nurse"), ({"nurse", "doctor"}, "doctor"),
    ({"assistant", "health_manager"}, "health_manager"), ({"leader", "service"}, "service"),
])
def test_who_answers_signs_with_what_they_know_most_of(held: set[str], role: str) -> None:
    assert tickets.speaks_as(held, access.MAY["ticket.general"]) == role


def refused(act) -> str | None:
    """The code of the refusal, None when there is none."""
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(("kind", "danger", "medical", "need"), [
    ("emergency", True, None, "urgent"), ("dose_refusal", True, None, "urgent"), ("dose_refusal", False, None, "medical"),
    ("answered", False, True, "medical"), ("answered", False, False, "general"), ("unsure", False, None, "medical"),
    ("small_talk", False, None, "general"), ("refused", False, None, "general"),
])
def test_what_words_on_a_ticket_need(kind: str, danger: bool, medical: bool | None, need: str) -> None:
    assert tickets.need_of_words(kind, danger=danger, medical=medical) == need


def test_a_ticket_goes_up_by_itself_and_never_down() -> None:
    pairs = (("general", "medical"), ("urgent", "medical"), ("general", "general"))
    assert [tickets.graver(one, other) for one, other in pairs] == ["medical", "urgent", "general"]


@pytest.mark.parametrize(("need", "kind", "medical", "written_by", "code"), [
    ("general", "unsure", None, set(), None), ("general", "answered", False, {"patient", "assistant"}, None),
    ("general", "dose_refusal", None, set(), "ticket_about_body"), ("general", "crisis", None, set(), "ticket_about_body"),
    ("general", "answered", True, set(), "ticket_about_body"), ("general", "unsure", None, {"nurse"}, "ticket_about_body"),
    ("medical", "emergency", None, {"nurse"}, None), ("urgent", "unsure", True, set(), None),
])
def test_what_is_about_the_body_goes_to_who_may_read_it(
        need: str, kind: str, medical: bool | None, written_by: set[str], code: str | None) -> None:
    assert refused(lambda: tickets.check_route(need, kind, medical=medical, written_by=written_by)) == code


def test_every_promise_that_the_responder_makes_is_known() -> None:
    """A promise that is worded anew there has to be worded anew in tickets.PROMISES."""
    said = [responding.CRISIS_WORDS, responding.DOSE_WORDS, *responding.CRISIS_CARD["steps"]]
    assert [promise for promise in tickets.PROMISES if not any(promise in text for text in said)] == []
    left = tickets.unpromised("crisis", responding.CRISIS_WORDS) + tickets.unpromised("dose_refusal", responding.DOSE_WORDS)
    assert not any(words in left for words in ("尽快联系您", "帮您转给"))
    assert "尽快联系您" not in str(tickets.unpromised_card(responding.CRISIS_CARD))


@pytest.mark.parametrize("need", tickets.NEEDS)
@pytest.mark.parametrize("seen_by", [tickets.NOBODY_YET, tickets.LEFT])
def test_nobody_is_promised_an_answer_where_nobody_can_give_one(need: str, seen_by: str) -> None:
    said = tickets.says("open", need, WEEKDAYS, at("2026-03-02T10:00"), at("2026-03-02T12:00"), seen_by)
    assert "120" in said
    assert not any(words in said for words in ("回复您", "有人回复", "已经通知", "已经转给"))
