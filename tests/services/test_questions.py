"""Questions and tickets at the same instant, on SQLite and on PostgreSQL."""

import uuid

import sqlalchemy as sa

from server.models import questions as question_rows
from server.models.base import db
from tests.api.askings import DOSE
from tests.makers import Answer, World, day
from tests.services.test_races import THREADS, _ask, _at_once

NOON = f"{day(1)}T12:00:00+08:00"


def test_of_staff_who_take_a_ticket_at_once_exactly_one_has_it(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    nurses = [world.with_role(f"n{number}", "nurse", "class", group["id"], f"沪护 {number}") for number in range(THREADS)]
    world.clock(NOON)
    for person in (ming, *nurses):
        person.sign_in()
    for _ in range(3):
        ticket = ming.post("/questions", {"text": DOSE})["ticket"]["id"]
        path = f"/questions/tickets/{ticket}/take"
        answers = _at_once(THREADS, lambda n, path=path: _ask(world, nurses[n].token, path, None))
        assert sorted(a.status for a in answers) == [200] + [409] * (THREADS - 1)
        assert {a.code for a in answers if a.status == 409} == {"ticket_taken"}
        winner = next(nurse for nurse, answer in zip(nurses, answers, strict=True) if answer.status == 200)
        mine = [each["taken_by"] for each in winner.get("/questions/tickets?limit=100")["items"] if each["id"] == ticket]
        assert mine == [winner.id]


def test_a_question_handed_over_by_many_taps_is_one_ticket_and_one_telling(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    world.with_role("hui", "nurse", "class", group["id"], "沪护 0001")
    question = ming.post("/questions", {"text": "咖啡色的窗帘配什么颜色的沙发套好看"})
    answers = _at_once(THREADS, lambda _: _ask(world, ming.token, f"/questions/{question['id']}/hand-over", None))
    assert {a.status for a in answers} == {200}
    assert len({a["ticket"]["id"] for a in answers}) == 1
    assert [each["template"] for each in world.ask("GET", "/dev/outbox")["items"]].count("ticket_waiting") == 1


def test_what_is_written_while_staff_close_comes_back_to_them(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    hui = world.with_role("hui", "nurse", "class", group["id"], "沪护 0001")
    world.clock(NOON)
    for person in (ming, hui):
        person.sign_in()
    for text in ("还有一个问题想问您", "我胸口痛得厉害，喘不上气，出冷汗") * 2:
        question = ming.post("/questions", {"text": DOSE})
        thread, ticket = f"/questions/{question['id']}", f"/questions/tickets/{question['ticket']['id']}"

        def act(n: int, thread: str = thread, ticket: str = ticket, text: str = text) -> Answer:
            if n % 2:
                return _ask(world, hui.token, f"{ticket}/close", None)
            return _ask(world, ming.token, f"{thread}/messages", {"text": text})

        answers = _at_once(3 * THREADS, act)
        assert {answer.status for answer in answers} == {200}
        seen = [sum(one["by"] == "patient" for one in answer["thread"]) for answer in answers[1::2]]
        # It is closed only if somebody closed it who saw everything that was written.
        assert (ming.get(thread)["ticket"]["status"] == "closed") == (max(seen) == len(answers[::2])), seen


def test_of_two_who_publish_a_topic_at_once_one_text_is_in_force(world: World) -> None:
    admin = world.admin
    admin.post("/questions/topics", {"slug": "parking", "question": "来听课在哪里停车？",
                                     "answer": "门诊楼北侧有停车场，免费半天。"})

    def publish(_: int) -> int:
        with world.app.test_client() as client:
            return client.patch("/api/v1/questions/topics/parking", json={"status": "published"},
                                headers={"Authorization": f"Bearer {admin.token}"}).status_code

    assert sorted(_at_once(THREADS, publish)) == [200] + [409] * (THREADS - 1)
    with world.app.app_context():
        organisation = uuid.UUID(world.organisation_id)
        assert len(question_rows.versions_of(db.session, organisation, ("published",), "parking")) == 1
        assert db.session.execute(sa.text("SELECT count(*) FROM knowledge_editions")).scalar_one() == 1
        db.session.remove()


def test_what_staff_find_in_their_list_is_what_they_may_take(world: World) -> None:
    """The list is one statement and the door another: for every kind of principal they say the same."""
    group = world.group()
    other = world.group({"id": group["camp_id"]}, "星光班")
    ming, hong, fei = world.patient("ming", group), world.patient("hong", other), world.person("fei")
    camp, organisation = group["camp_id"], world.organisation_id
    staff = [world.with_role(f"s{number}", role, scope, {"class": group["id"], "camp": camp, "organisation": organisation,
                                                        "person": fei.id}[scope], "沪 1" if role in ("nurse", "doctor") else None)
             for number, (role, scope) in enumerate([("nurse", "class"), ("doctor", "camp"), ("nurse", "organisation"),
                                                     ("health_manager", "class"), ("assistant", "organisation"),
                                                     ("service", "class"), ("leader", "class")])]
    world.clock(NOON)
    for person in (ming, hong, fei, *staff, world.admin, world.manager):
        person.sign_in()
    texts = (DOSE, "我胸口痛得厉害，喘不上气，出冷汗")
    asked = {person.post("/questions", {"text": text})["ticket"]["id"] for person in (ming, hong, fei) for text in texts}
    camp_question = ming.post("/questions", {"text": "前一天忘记打卡能补吗？"})
    asked.add(ming.post(f"/questions/{camp_question['id']}/hand-over")["ticket"]["id"])
    assert len(asked) == 7
    seen = {}
    for person in (*staff, world.admin, world.manager, hong):
        listed = {each["id"] for each in person.get("/questions/tickets?limit=100").json.get("items", [])}
        may = {ticket for ticket in asked if person.post(f"/questions/tickets/{ticket}/close").status == 200}
        for ticket in may:
            person.post(f"/questions/tickets/{ticket}/reopen")
        assert (person.name, listed) == (person.name, may)
        seen[person.name] = len(may)
    assert seen == {"s0": 3, "s1": 5, "s2": 7, "s3": 2, "s4": 1, "s5": 1, "s6": 0, "admin": 1, "manager": 4, "hong": 0}
