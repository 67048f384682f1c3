"""Asking: an answer at once, what it says, and what no refusal hides."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from server.adapters.limits import WINDOW_SECONDS
from server.clock import monotonic_seconds
from server.models.base import db
from tests.api.askers import CAMP_RULE, FASTING, NONSENSE, a_class, ask, handed_over, told
from tests.api.askings import DOSE, EMERGENCY
from tests.makers import Answer, Person, World, day


def test_a_question_is_answered_at_once_and_says_where_the_answer_comes_from(world: World) -> None:
    # In no camp, without any consent.
    fei = world.person("fei")
    answer = ask(fei, FASTING)
    assert (answer["kind"], answer["topic"], answer["ticket"]) == ("answered", "fasting_definition", None)
    assert answer["topic_version"] >= 1
    assert answer["source"]
    assert answer["reviewed_on"] is None, "nobody has reviewed the shipped texts"
    assert answer["rule_id"]
    assert "120" not in answer["answer"]
    assert fei.get("/questions")["items"][0]["text"] == FASTING
    assert fei.get(f"/questions/{answer['id']}")["thread"] == []


def test_what_nobody_understood_is_said_so_with_three_suggestions(world: World) -> None:
    answer = ask(world.person("fei"), NONSENSE)
    assert (answer["kind"], answer["topic"], answer["ticket"]) == ("unsure", None, None)
    assert len({each["topic"] for each in answer["suggestions"]}) == 3
    assert all(each["question"] for each in answer["suggestions"])


def test_a_dose_is_refused_and_handed_to_nurse_or_doctor(world: World) -> None:
    _, ming, hui, lan = a_class(world)
    answer = ask(ming, DOSE)
    assert (answer["kind"], answer["ticket"]["need"], answer["ticket"]["status"]) == ("dose_refusal", "medical", "open")
    assert answer["ticket"]["due_at"] == f"{day(1)}T06:00:00Z"
    path = f"/questions/tickets/{answer['ticket']['id']}"
    assert told(world) == [("ticket_waiting", "hui")]
    assert [each["id"] for each in hui.get("/questions/tickets")["items"]] == [answer["ticket"]["id"]]
    for person in (lan, world.manager, world.admin, world.person("hong"), ming):
        items = person.get("/questions/tickets").json.get("items", [])
        assert (person.name, items, person.post(f"{path}/take").status in (403, 404)) == (person.name, [], True)
        if person is not ming:
            assert person.get(f"/questions/{answer['id']}").status in (403, 404)
    assert hui.post(f"{path}/take")["text"] == DOSE


def test_an_emergency_tells_what_to_do_and_brings_a_ticket_that_one_tap_closes(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    answer = ask(ming, EMERGENCY)
    assert (answer["kind"], answer["advice"]["call_120"], answer["ticket"]["need"]) == ("emergency", True, "urgent")
    assert answer["advice"]["steps"]
    assert world.manager.get("/questions/tickets")["items"][0]["need"] == "urgent"
    closed = ming.post(f"/questions/{answer['id']}/not-urgent")
    assert (closed.status, closed["ticket"]["status"]) == (200, "closed")
    assert ming.post(f"/questions/{answer['id']}/not-urgent").json["version"] == closed["version"]
    assert hui.get("/questions/tickets")["items"] == []
    assert ming.post(f"/questions/{ask(ming, FASTING)['id']}/not-urgent").code == "question_not_urgent"


def test_for_half_an_hour_after_an_emergency_answers_begin_by_asking_how_they_are(world: World) -> None:
    ming = world.person("ming")
    plain = ask(ming, FASTING)["answer"]
    first = ask(ming, EMERGENCY, about="relative")
    world.clock("2026-03-01T20:29:00+08:00")
    assert ask(ming, FASTING)["answer"].startswith("先问您一句：您家人")
    assert ask(ming, FASTING)["answer"].endswith(plain)
    world.clock("2026-03-01T20:30:00+08:00")
    assert ask(ming, FASTING)["answer"] == plain
    world.clock("2026-03-01T20:10:00+08:00")
    ming.post(f"/questions/{first['id']}/not-urgent")
    assert ask(ming, FASTING)["answer"] == plain


def test_an_emergency_needs_no_consent_and_no_camp_and_brings_no_reading_into_the_record(world: World) -> None:
    fei = world.person("fei")
    answer = ask(fei, "刚测血糖2.6，手抖出汗")
    assert (answer["kind"], bool(answer["advice"]["steps"])) == ("emergency", True)
    assert fei.get("/entries")["items"] == []


@pytest.mark.parametrize(("body", "code"), [
    ({"text": EMERGENCY + "。" * 2000}, "invalid"), ({"text": EMERGENCY + "\0"}, "invalid"),
    ({"text": EMERGENCY, "about": "cat"}, "invalid"), ({"question": EMERGENCY}, "invalid"),
])
def test_no_refusal_of_a_question_hides_an_emergency(world: World, body: dict[str, str], code: str) -> None:
    refused = world.person("fei").post("/questions", body)
    assert (refused.code, refused["advice"]["call_120"]) == (code, True)
    assert "advice" not in world.person("fei").post("/questions", {**body, **dict.fromkeys(body, FASTING + "\0")}).json


def above_the_limit(world: World, who: Person, text: str, *whats: str) -> Answer:
    """What somebody is answered who has used up their minute of these."""
    limits = world.app.extensions["tangying"].limits
    while True:
        minute = int(monotonic_seconds() // WINDOW_SECONDS)
        for what in whats:
            for _ in range(60):
                limits.check(what, who.id, 10**6)
        answer = who.post("/questions", {"text": text})
        # The minute may have ended in between, and then fills again.
        if minute == int(monotonic_seconds() // WINDOW_SECONDS):
            return answer


@pytest.mark.parametrize("text", [
    "今天吃了饭。" * 1500 + EMERGENCY, "今天吃了饭。" * 1500 + EMERGENCY + "今天吃了饭。" * 1500,
    # So long that not all of it is read: its end is.
    "今天吃了饭。" * 7000 + EMERGENCY,
])
def test_an_emergency_is_seen_wherever_it_stands_in_a_very_long_paste(world: World, text: str) -> None:
    assert world.person("fei").post("/questions", {"text": text})["advice"]["call_120"] is True


def test_a_refused_cry_for_help_gets_its_card_and_no_promise_of_somebody(world: World) -> None:
    refused = world.person("fei").post("/questions", {"text": "我不想活了" + "。" * 2000})
    assert "12356" in str(refused["advice"]["steps"])
    assert "联系您" not in str(refused["advice"])


def test_a_crisis_promises_nobody_where_nobody_hears_of_it(world: World) -> None:
    heard = ask(world.person("fei"), "我不想活了")
    assert "我们的人会尽快联系您" in heard["answer"]
    world.person("owner").post("/organisations", {"name": "第二医院"})
    # With two organisations nobody can say which of them who is in no camp asks.
    alone = ask(world.person("bo"), "我不想活了")
    assert "没有工作人员" in alone["ticket"]["says"]
    assert "尽快联系您" not in alone["answer"] + str(alone["advice"])
    assert "没有工作人员能看到" in alone["advice"]["steps"][-1]
    assert world.person("bo").get(f"/questions/{alone['id']}")["advice"] == alone["advice"]
    danger = ask(world.person("bo"), EMERGENCY)
    assert "没有工作人员能看到" in danger["advice"]["steps"][-1]
    assert danger["answer"].endswith(danger["advice"]["steps"][-1])


def test_a_dose_is_handed_to_nobody_where_there_is_no_nurse_and_no_doctor(world: World) -> None:
    ming, _ = world.patient("ming"), world.manager
    world.clock(f"{day(1)}T12:00:00+08:00")
    answer = ask(ming, DOSE)
    assert "ticket_waiting" not in dict(told(world))
    assert "已经帮您转给护士或医生" not in answer["answer"]
    assert "没有护士或医生值守" in answer["ticket"]["says"]
    assert "回复您" not in answer["ticket"]["says"]
    # An emergency finds the health manager.
    assert "已经通知工作人员" in ask(ming, EMERGENCY)["ticket"]["says"]


def test_an_answer_says_why_it_came(world: World) -> None:
    ming = world.person("ming")
    whys = [ask(ming, text)["why"] for text in (FASTING, NONSENSE, DOSE, EMERGENCY, "你好")]
    assert len(set(whys)) == len(whys)
    assert all(whys)


def test_a_second_danger_on_a_called_off_question_can_be_called_off_too(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question = ask(ming, EMERGENCY)
    first = ming.post(f"/questions/{question['id']}/not-urgent")
    for text in ("现在真的胸口痛得喘不上气", "老伴刚才昏过去了，叫不醒"):
        written = ming.post(f"/questions/{question['id']}/messages", {"text": text})
        assert (written["ticket"]["status"], written["ticket"]["need"]) == ("open", "urgent")
        assert written["not_urgent_at"] == first["not_urgent_at"]
    assert len([each for each in ming.get("/alerts")["items"] if each["closed_at"] is None]) == 2
    again = ming.post(f"/questions/{question['id']}/not-urgent")
    assert again["ticket"]["status"] == "closed"
    assert [each for each in ming.get("/alerts")["items"] if each["closed_at"] is None] == []
    assert hui.get("/questions/tickets")["items"] == []


def test_a_high_dose_questions_alert_is_called_off_and_its_ticket_waits(world: World) -> None:
    _, ming, _, _ = a_class(world)
    question = ask(ming, "血糖18.2，胰岛素要加几个单位")
    assert (question["kind"], question["advice"] is not None, question["not_urgent_at"]) == ("dose_refusal", True, None)
    called_off = ming.post(f"/questions/{question['id']}/not-urgent")
    assert (called_off.status, called_off["ticket"]["status"]) == (200, "open")
    assert [each["closed_at"] is not None for each in ming.get("/alerts")["items"]] == [True]


def test_answers_ask_how_they_are_after_an_emergency_told_on_a_thread(world: World) -> None:
    _, ming, _, _ = a_class(world)
    question, _ = handed_over(ming)
    assert ming.post(f"/questions/{question['id']}/messages", {"text": "老伴刚才昏过去了，叫不醒"})["advice"]
    assert ask(ming, FASTING)["answer"].startswith("先问您一句：您家人")
    ming.post(f"/questions/{question['id']}/not-urgent")
    assert not ask(ming, FASTING)["answer"].startswith("先问")
    # A high value beside a dose brings its card, and no asking.
    ask(ming, "血糖18.2，胰岛素要加几个单位")
    assert not ask(ming, FASTING)["answer"].startswith("先问")


def test_after_a_wish_to_die_answers_name_who_listens(world: World) -> None:
    ming = world.patient("ming")
    assert ask(ming, "活着没意思，想死")["kind"] == "crisis"
    assert "12356" in ask(ming, CAMP_RULE)["answer"].split("\n\n")[0]


def test_a_dose_that_waited_goes_on_waiting_when_a_danger_told_on_it_is_called_off(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question = ask(ming, "长效胰岛素加两个单位行不行")
    written = ming.post(f"/questions/{question['id']}/messages", {"text": "刚测了2.6手抖"})
    assert (written["ticket"]["need"], written["ticket"]["status"]) == ("urgent", "open")
    called_off = ming.post(f"/questions/{question['id']}/not-urgent")["ticket"]
    assert (called_off["need"], called_off["status"]) == ("medical", "open")
    assert called_off["due_at"] is not None
    assert [one["question_id"] for one in hui.get("/questions/tickets")["items"]] == [question["id"]]


def test_who_asks_too_often_is_refused(world: World) -> None:
    ming = world.person("ming")
    refused = above_the_limit(world, ming, FASTING, "question")
    assert (refused.code, "advice" in refused.json) == ("too_many_requests", False)
    assert int(refused.headers["Retry-After"]) > 0
    assert ming.file("meal").status == 403, "a question counts for itself, not against check-ins"


def test_an_emergency_above_the_limit_raises_its_alert_and_ticket(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    answer = above_the_limit(world, ming, EMERGENCY, "question")
    assert (answer.status, answer["kind"], answer["advice"]["call_120"]) == (201, "emergency", True)
    assert [each["id"] for each in hui.get("/questions/tickets")["items"]] == [answer["ticket"]["id"]]
    assert [each["question_id"] for each in ming.get("/alerts")["items"]] == [answer["id"]]
    # Staff have heard of it sixty times by now: only the card is left to give.
    refused = above_the_limit(world, ming, EMERGENCY, "question", "emergency")
    assert (refused.code, refused["advice"]["call_120"]) == ("too_many_requests", True)


@pytest.mark.parametrize("text", ["👩🏽‍⚕️ 饭后多久测 💉", "长" * 2000, "一行\n又一行", "\\n %s {0} '; --"])
def test_what_is_asked_comes_back_as_it_was_written(world: World, text: str) -> None:
    ming = world.person("ming")
    assert ming.get(f"/questions/{ask(ming, text)['id']}")["text"] == text


@pytest.mark.parametrize(("pasted", "kept"), [
    ("一行\r\n又一行", "一行\n又一行"), ("一行\r又一行", "一行\n又一行"),
    ("空腹\t6.1\n餐后\t9.8 正常吗", "空腹 6.1\n餐后 9.8 正常吗"), ("长\r\n" * 999 + "长久", "长\n" * 999 + "长久"),
])
def test_what_is_pasted_from_a_table_or_from_windows_survives(world: World, pasted: str, kept: str) -> None:
    ming = world.person("ming")
    assert ming.get(f"/questions/{ask(ming, pasted)['id']}")["text"] == kept


@pytest.mark.parametrize("text", ["", " ", "a\0b", "a\u202eb", "a\x0bb", "a\x1bb", "长" * 2001, None, 7, ["x"]])
def test_what_is_no_question_is_refused(world: World, text: Any) -> None:
    assert world.person("ming").post("/questions", {"text": text}).status == 422


def test_the_same_question_sent_again_is_one_question(world: World) -> None:
    ming = world.person("ming")
    first, again = (ming.post("/questions", {"text": DOSE}, Idempotency_Key="k") for _ in range(2))
    assert (first.json, again.headers["Idempotency-Replayed"]) == (again.json, "true")
    assert len(ming.get("/questions")["items"]) == 1


def test_an_answer_about_the_rules_comes_from_ones_own_camp(world: World) -> None:
    strict = world.patient("hong", world.group(world.camp(rules={"makeup": {"cards": 5, "within_days": 1}})))
    usual = world.patient("ming")
    answers = [ask(person, CAMP_RULE)["answer"] for person in (strict, usual)]
    assert answers[0] != answers[1]
    assert "5" in answers[0]
    assert "{" not in "".join(answers)


def test_no_word_of_a_question_lies_open_in_the_database_or_the_log(
        world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    canary, answer = "芦花鸡在后院数云彩金丝雀", "护士的金丝雀回复了云彩"
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming, canary)
    ming.post(f"/questions/{question['id']}/messages", {"text": canary + "二"})
    hui.post(f"{path}/reply", {"text": answer})
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    world.admin.post("/questions/topics", {"from_question_id": question["id"], "slug": "canary_topic"})
    ming.post("/questions", {"text": canary + "\0"})
    with world.app.app_context():
        names = list(db.metadata.tables)
        raw = [str(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)) for name in names
               for row in db.session.execute(sa.text(f"SELECT * FROM {name}"))]
        db.session.remove()
    assert len(raw) > 20
    said = [*raw, caplog.text, *capsys.readouterr(), str(world.client.get("/metrics").data)]
    spelled = [canary[:6], answer[:6], repr(canary[:6].encode())[2:-1], json.dumps(canary[:6])[1:-1]]
    assert [word for word in spelled for text in said if word in text] == []
    assert ming.get(f"/questions/{question['id']}")["text"] == canary
