"""Questions through the JavaScript client, and a knowledge base that two workers share."""

import pathlib
import subprocess
from collections import Counter

from tests.e2e.test_two_workers import ask, at_the_same_instant
from tests.live import PROJECT, serving
from tests.makers import EVE
from tests.nodejs import node

# Far more than it takes: this only ends what would never end.
HANGS_AFTER_SECONDS = 180
# Many at once, so that both workers have to answer some.
AT_ONCE, ROUNDS = 12, 5
PARKING = {"slug": "parking", "question": "来听课在哪里停车？", "answer": "门诊楼北侧有停车场，免费停半天。"}
CANARY = "芦花鸡在后院数云彩"


def test_asked_refused_in_danger_handed_over_answered_by_a_nurse_and_rated(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = subprocess.run([*node(), "miniprogram_stub/test/e2e/questions.js", live.base_url], cwd=PROJECT,
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False,
                               timeout=HANGS_AFTER_SECONDS)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"
        assert "问完了" in lived.stdout
        assert CANARY not in live.log.read_text("utf-8", errors="replace")


def test_what_one_worker_publishes_both_answer(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        ask(live, "PUT", "/dev/clock", {"now": EVE})
        admin, ming = (ask(live, "POST", "/session", {"code": f"dev:{who}"})[1]["access_token"] for who in ("admin", "ming"))

        def topics() -> Counter[str | None]:
            """Which topic answers, asked many times at once, again and again."""
            return Counter(gave["topic"] for _ in range(ROUNDS) for _, gave in at_the_same_instant(
                AT_ONCE, lambda _: ask(live, "POST", "/questions", {"text": PARKING["question"]}, ming)))

        assert "parking" not in topics()
        assert ask(live, "POST", "/questions/topics", PARKING, admin)[0] == 201
        assert "parking" not in topics(), "a draft answers nobody"
        assert ask(live, "PATCH", "/questions/topics/parking", {"status": "published"}, admin)[0] == 200
        assert topics() == {"parking": AT_ONCE * ROUNDS}
        assert ask(live, "PATCH", "/questions/topics/parking", {"status": "retired"}, admin)[0] == 200
        assert "parking" not in topics()
