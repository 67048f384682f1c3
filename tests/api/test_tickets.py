"""A question handed over to a person: who sees it, who answers, and until when."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa

from server.models.audit import AuditRecord
from server.models.base import db
from server.models.people import RoleGrant
from server.models.questions import TicketMessage
from tests.api.askers import CAMP_RULE, NONSENSE, a_class, ask, handed_over, told
from tests.api.askings import DOSE, EMERGENCY
from tests.makers import Person, World, day


def leaves(world: World, person: Person) -> None:
    """Take every role from somebody."""
    with world.app.app_context():
        grants = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.person_id == uuid.UUID(person.id))).all()
        db.session.remove()
    for grant in grants:
        assert world.admin.ask("DELETE", f"/people/{person.id}/roles/{grant}").status in (200, 204)


def test_a_thread_from_hand_over_to_reply_and_on(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    assert hui.post(f"{path}/take")["status"] == "taken"
    world.clock(f"{day(1)}T12:40:00+08:00")
    replied = hui.post(f"{path}/reply", {"text": "您先记三天饮食，我们再一起看。"})
    assert (replied["status"], replied["first_reply_at"], replied["due_at"]) == ("replied", f"{day(1)}T04:40:00Z", None)
    seen = ming.get(f"/questions/{question['id']}")
    [message] = seen["thread"]
    assert (message["label"], message["by"], message["text"]) == ("健康咨询", "staff", "您先记三天饮食，我们再一起看。")
    assert message["author"] == {"name": "hui", "role": "nurse", "role_name": "护士", "credential": "沪护 0001"}
    assert told(world) == [("ticket_waiting", "hui"), ("ticket_replied", "ming")]
    assert hui.post(f"{path}/close")["status"] == "closed"
    assert hui.post(f"{path}/reply", {"text": "还有一句。"}).code == "ticket_closed"
    written = ming.post(f"/questions/{question['id']}/messages", {"text": "记好了，请您看看"})
    assert (written.status, written["ticket"]["status"], len(written["thread"])) == (200, "open", 2)
    assert told(world)[-1] == ("ticket_waiting", "hui")
    assert hui.post(f"{path}/reply", {"text": "看到了，记得很细。"})["first_reply_at"] == f"{day(1)}T04:40:00Z"


def test_what_is_written_on_a_thread_is_read_for_a_danger(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    hui.post(f"{path}/reply", {"text": "您说说看。"})
    written = ming.post(f"/questions/{question['id']}/messages", {"text": EMERGENCY})
    assert (written["advice"]["call_120"], written["ticket"]["need"], written["ticket"]["status"]) == (True, "urgent", "open")
    assert ming.post(f"/questions/{question['id']}/messages", {"text": "好多了，谢谢"})["advice"] is None


def test_thanks_after_not_urgent_is_no_urgent_ticket(world: World) -> None:
    _, ming, _, _ = a_class(world)
    question = ask(ming, EMERGENCY)
    ming.post(f"/questions/{question['id']}/not-urgent")
    written = ming.post(f"/questions/{question['id']}/messages", {"text": "谢谢，我点错了，问一下怎么补卡"})
    assert (written["ticket"]["status"], written["ticket"]["need"]) == ("open", "medical")


def test_handing_over_a_closed_question_again_brings_a_person(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question = ask(ming, EMERGENCY)
    ming.post(f"/questions/{question['id']}/not-urgent")
    again = [ming.post(f"/questions/{question['id']}/hand-over")["ticket"] for _ in range(2)]
    assert [each["status"] for each in again] == ["open", "open"]
    [waiting] = hui.get("/questions/tickets")["items"]
    assert (waiting["id"], waiting["round"]) == (again[0]["id"], 2)


def test_an_emergency_on_a_question_without_a_ticket_is_told_once(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question = ask(ming, CAMP_RULE)
    written = ming.post(f"/questions/{question['id']}/messages", {"text": EMERGENCY})
    assert written["ticket"]["need"] == "urgent"
    assert told(world) == [("ticket_waiting", "hui")]
    assert hui.get("/questions/tickets")["items"][0]["round"] == 1


@pytest.mark.parametrize("text", ["还有，我糖化 9.8，" + DOSE, "我的糖化 9.8 算高吗", "最近脚总是发麻，是怎么回事"])
def test_what_is_about_the_body_on_a_camp_ticket_is_for_nurse_or_doctor(world: World, text: str) -> None:
    _, ming, hui, _ = a_class(world)
    assistant = world.with_role("assi", "assistant", "organisation", world.organisation_id)
    question, path = handed_over(ming, CAMP_RULE)
    assert assistant.post(f"{path}/take").status == 200
    written = ming.post(f"/questions/{question['id']}/messages", {"text": text})
    assert (written["ticket"]["need"], written["ticket"]["status"]) == ("medical", "open")
    assert [assistant.post(f"{path}/take").status, assistant.get(f"/questions/{question['id']}").status] == [403, 403]
    assert told(world)[-1] == ("ticket_waiting", "hui")
    assert hui.post(f"{path}/take").status == 200


@pytest.mark.parametrize("text", ["好的谢谢", "那补卡要几天之内？"])
def test_thanks_and_more_about_the_camp_stay_with_who_answers_for_it(world: World, text: str) -> None:
    _, ming, _, _ = a_class(world)
    assistant = world.with_role("assi", "assistant", "organisation", world.organisation_id)
    question, path = handed_over(ming, CAMP_RULE)
    assistant.post(f"{path}/take")
    written = ming.post(f"/questions/{question['id']}/messages", {"text": text})
    assert (written["ticket"]["need"], written["ticket"]["status"]) == ("general", "taken")


@pytest.mark.parametrize("text", [EMERGENCY, DOSE, "我的糖化 9.8 算高吗"])
def test_what_is_about_the_body_is_routed_to_nobody_who_may_read_no_health(world: World, text: str) -> None:
    _, ming, hui, _ = a_class(world)
    assistant = world.with_role("assi", "assistant", "organisation", world.organisation_id)
    _, path = handed_over(ming, text)
    assert hui.post(f"{path}/route", {"need": "general"}).code == "ticket_about_body"
    assert assistant.post(f"{path}/take").status == 403


def test_what_nobody_understood_a_nurse_may_pass_on_until_she_has_written_to_them(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    _, path = handed_over(ming)
    assert hui.post(f"{path}/route", {"need": "general"})["need"] == "general"
    _, path = handed_over(ming)
    hui.post(f"{path}/reply", {"text": "陈阿姨，您糖化 9.8，又有眼底病变，先去看眼科。"})
    assert hui.post(f"{path}/route", {"need": "general"}).code == "ticket_about_body"


def test_who_was_not_answered_is_told_that_the_question_was_closed(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    assert [hui.post(f"{path}/close").status for _ in range(2)] == [200, 200]
    [notice] = ming.get(f"/questions/{question['id']}")["thread"]
    assert (notice["by"], notice["label"], notice["author"]) == ("staff", None, None)
    assert "没有再写回复" in notice["text"]
    assert told(world) == [("ticket_waiting", "hui"), ("ticket_closed", "ming")]
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    made = world.admin.post("/questions/topics", {"from_question_id": question["id"]})
    assert made["answer"] == "", "a notice is no answer"


def test_a_dose_in_a_reply_needs_the_licence(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    _, path = handed_over(ming, DOSE)
    dose = {"text": "二甲双胍从明天起加到两片，每天两次。"}
    refused = hui.post(f"{path}/reply", dose)
    assert (refused.status, refused.code) == (409, "reply_names_dose")
    for valid_until, status in ((day(0), 409), (day(1), 200)):
        licence = {"number": "沪互 001", "valid_until": str(valid_until)}
        settled = world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {"internet_hospital_licence": licence})
        assert settled.status == 200, settled.json
        assert (valid_until, hui.post(f"{path}/reply", dose).status) == (valid_until, status)


def test_out_of_hours_the_hand_over_says_when_a_person_answers(world: World) -> None:
    _, ming, _, _ = a_class(world)
    world.clock(f"{day(1)}T21:00:00+08:00")
    question = ask(ming, NONSENSE)
    ticket = ming.post(f"/questions/{question['id']}/hand-over")["ticket"]
    assert ticket["due_at"] == f"{day(2)}T02:00:00Z"
    assert "明天 08:00 起有人回复" in ticket["says"]


def test_the_nearest_on_duty_is_told_first_then_camp_then_organisation(world: World) -> None:
    group, ming, hui, _ = a_class(world)
    yun = world.with_role("yun", "doctor", "camp", group["camp_id"], "沪医 0001")
    handed_over(ming)
    leaves(world, hui)
    _, path = handed_over(ming)
    assert told(world) == [("ticket_waiting", "hui"), ("ticket_waiting", "yun")]
    assert hui.post(f"{path}/take").status == 404, "rights lost count on the next request"
    leaves(world, yun)
    handed_over(ming)
    # Nobody may answer it, so those hear who can appoint somebody.
    assert sorted(told(world)[2:]) == [("ticket_unattended", "admin"), ("ticket_unattended", "manager")]
    leaves(world, world.manager)
    handed_over(ming, CAMP_RULE)
    newest = world.ask("GET", "/dev/outbox")["items"][0]
    assert (newest["template"], newest["to"]) == ("ticket_unattended", world.admin.id)
    assert "护士" not in newest["body"]


def test_a_ticket_that_waits_too_long_is_said_once_to_those_who_answer_for_it(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    hui.post(f"{path}/take")
    for minute in ("14:00:00", "14:01:00", "15:00:00"):
        world.clock(f"{day(1)}T{minute}+08:00")
        world.ask("POST", "/dev/run-due", {})
    assert sorted(told(world)[1:]) == [("ticket_overdue", "admin"), ("ticket_overdue", "hui")]
    hui.sign_in()
    assert hui.get("/questions/tickets")["items"][0]["overdue"] is True
    assert "让您久等了" in ming.get(f"/questions/{question['id']}")["ticket"]["says"]


def test_of_many_that_wait_too_long_everyone_hears_once_a_run(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    for _ in range(3):
        _, path = handed_over(ming)
        hui.post(f"{path}/take")
    world.clock(f"{day(1)}T14:01:00+08:00")
    for _ in range(2):
        assert world.ask("POST", "/dev/run-due", {}).status == 200
    assert sorted(one for one in told(world) if one[0] == "ticket_overdue") == [
        ("ticket_overdue", "admin"), ("ticket_overdue", "hui")]
    hui.sign_in()
    assert [one["overdue"] for one in hui.get("/questions/tickets")["items"]] == [True] * 3


def test_a_question_about_the_camp_is_for_everybody_of_the_staff_and_can_be_passed_on(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming, CAMP_RULE)
    assert (question["topic"], told(world)) == ("makeup", [("ticket_waiting", "manager")])
    assert world.manager.post(f"{path}/take").status == 200
    passed = world.manager.post(f"{path}/route", {"need": "medical"})
    assert (passed.status, passed["need"], passed["status"], passed["text"]) == (200, "medical", "open", None)
    assert world.manager.post(f"{path}/take").status == 403
    assert hui.post(f"{path}/take").status == 200
    assert world.admin.post(f"{path}/reopen").status == 403
    assert hui.post(f"{path}/reopen")["taken_by"] is None


def test_staff_who_read_a_thread_are_on_the_trail_and_no_record_holds_a_word(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    hui.get(f"/questions/{question['id']}")
    hui.post(f"{path}/reply", {"text": "您先记三天饮食。"})
    with world.app.app_context():
        acts = [(str(one.actor_id), one.verb) for one in db.session.scalars(
            sa.select(AuditRecord).where(AuditRecord.person_id == uuid.UUID(ming.id)).order_by(AuditRecord.number))]
        written = db.session.execute(sa.text("SELECT * FROM audit_records")).all()
        db.session.remove()
    mine, theirs = (ming.id, "ticket.open"), (hui.id, "question.read")
    assert acts[acts.index(mine):] == [mine, theirs, (hui.id, "ticket.reply"), theirs]
    assert not any(words in str(written) for words in (NONSENSE, "三天饮食"))


def test_open_tickets_keep_a_camp_from_being_archived(world: World) -> None:
    group, ming, hui, _ = a_class(world)
    _, path = handed_over(ming)
    world.clock("2026-04-10T12:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    refused = world.admin.post(f"/camps/{group['camp_id']}/archive")
    assert (refused.status, refused.code) == (409, "tickets_open")
    assert hui.post(f"{path}/close").status == 200
    assert world.admin.post(f"/camps/{group['camp_id']}/archive").status == 200


def test_who_has_left_is_no_longer_read_and_holds_no_archive_up(world: World) -> None:
    group, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    ming.post(f"/enrolments/{ming.enrolment['id']}/withdraw", {"reason": "搬家"})
    assert [hui.post(f"{path}/take").status, hui.get(f"/questions/{question['id']}").status] == [404, 404]
    says = ming.get(f"/questions/{question['id']}")["ticket"]["says"]
    assert ("看不到" in says, "回复您" in says) == (True, False)
    before = told(world)
    ming.post(f"/questions/{question['id']}/messages", {"text": "还在吗"})
    assert told(world) == before, "nobody can be appointed who would see it"
    assert hui.get("/questions/tickets")["items"] == []
    world.clock("2026-04-10T12:00:00+08:00")
    assert world.admin.post(f"/camps/{group['camp_id']}/archive").status == 200


def test_another_organisation_reaches_nothing(world: World) -> None:
    _, ming, _, _ = a_class(world)
    question, path = handed_over(ming)
    owner, bo = world.person("owner"), world.person("bo")
    second = owner.post("/organisations", {"name": "第二医院"})
    with world.app.app_context():
        db.session.execute(sa.text("UPDATE role_grants SET organisation_id = :o, scope_type = 'organisation', scope_id = :o, "
                                   "role = 'doctor' WHERE role = 'owner'"),
                           {"o": second["id"].replace("-", "") if db.engine.dialect.name == "sqlite" else second["id"]})
        db.session.commit()
        db.session.remove()
    assert owner.get("/questions/tickets")["items"] == []
    for method, where, body in (("GET", f"/questions/{question['id']}", None), ("POST", f"{path}/take", None),
                                ("POST", f"{path}/reply", {"text": "您好"}), ("POST", f"{path}/close", None)):
        assert [owner.ask(method, where, body).status, bo.ask(method, where, body).status] == [404, 404]
    assert bo.post(f"/questions/{question['id']}/rating", {"helpful": True}).status == 404
    assert owner.get(f"/questions/unanswered?organisation_id={world.organisation_id}").status == 404
    # With two organisations nobody can say which of them who is in no camp asks.
    alone = ask(bo, DOSE)["ticket"]
    assert (alone["due_at"], "没有工作人员" in alone["says"]) == (None, True)


def test_first_reply_times_are_kept(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    _, path = handed_over(ming)
    world.clock(f"{day(1)}T12:25:00+08:00")
    hui.post(f"{path}/reply", {"text": "您好，我在。"})
    world.clock(f"{day(1)}T18:25:00+08:00")
    hui.sign_in()
    hui.post(f"{path}/reply", {"text": "再补充一句。"})
    with world.app.app_context():
        from_models = [tuple(row) for row in db.session.execute(sa.text("SELECT opened_at, first_reply_at FROM tickets"))]
        authors = db.session.scalars(sa.select(TicketMessage.role)).all()
        db.session.remove()
    [(opened, replied)] = [tuple(dt.datetime.fromisoformat(str(at)) for at in row) for row in from_models]
    assert (replied - opened, authors) == (dt.timedelta(minutes=25), ["nurse", "nurse"])
