"""One good request for every operation that takes a body, from people who may make it, on the third day of a camp."""

from typing import Any, NamedTuple

import sqlalchemy as sa

from server.models.base import db
from tests.makers import FIRST_DAY, Person, World, day, entry, jpeg

# What nobody may answer but a person, and what nobody may wait with.
DOSE = "我的二甲双胍能不能自己从一片加到两片？"
EMERGENCY = "我胸口痛得厉害，喘不上气，出冷汗"
NOW = f"{day(3)}T20:00:00+08:00"


def rows(world: World) -> dict[str, int]:
    """How many rows every table holds."""
    with world.app.app_context():
        counted = {name: db.session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                   for name, table in db.metadata.tables.items()}
        db.session.remove()
    return counted


class Asking(NamedTuple):
    """A request; `who` is None where nobody needs to be signed in."""

    method: str
    path: str
    body: dict[str, Any]
    who: Person | None = None
    sent_as: str = "application/json"
    """The media type of a body of bytes; its `body` is then {"raw": the bytes}."""


def good_askings(world: World) -> dict[str, Asking]:
    """By operation. Asked in this order on a fresh world every one is answered with what it asks for."""
    graduates = world.graduates("guo", "fang")
    group = world.group()
    ming, hong, admin, manager = world.patient("ming", group), world.patient("hong", group), world.admin, world.manager
    camp, organisation = {"id": group["camp_id"]}, world.organisation_id
    other, draft, owner, fei = world.group(camp, "星光班"), world.camp(is_open=False), world.person("owner"), world.person("fei")
    world.clock(NOW)
    for person in (ming, hong, admin, manager, owner, fei):
        person.sign_in()
    fei.consent()
    document = next(d for d in fei.get("/consents/documents/current")["items"] if d["purpose"] == "board")
    role = {"role": "assistant", "scope_type": "organisation", "scope_id": organisation}
    invite = admin.post(f"/organisations/{organisation}/invites", role)
    meal = ming.file("meal")["entry"]["id"]
    mine, theirs = f"/enrolments/{ming.enrolment['id']}", f"/enrolments/{hong.enrolment['id']}"
    ming.consent("family")
    codes = [ming.post("/people/me/family-invites", {})["code"] for _ in range(2)]
    tie = hong.post("/people/family", {"code": codes[0], "relation": "妹妹"})["id"]
    asked, urgent, unsure = (ming.post("/questions", {"text": text}) for text in (DOSE, EMERGENCY, "咖啡色的窗帘配什么沙发套"))
    nurse = world.with_role("hui", "nurse", "organisation", organisation, credential="沪护 0001")
    nurse.sign_in()
    ticket, other_ticket = (f"/questions/tickets/{each['ticket']['id']}" for each in (asked, urgent))
    lesson = ming.get(f"/lessons?enrolment_id={ming.enrolment['id']}")["items"][0]["id"]
    papers = [one.get("/certificates")["items"][0]["id"] for one in graduates]
    gift = admin.post("/rewards", {"name": "保温杯", "points": 0, "stock": 9, "audience": "patient"})["id"]
    held = ming.post(f"/rewards/{gift}/redemptions", {})["id"]
    ming.consent("public_story")
    bought = {"sku": "strips-50", "quantity": 1, "bought_on": str(FIRST_DAY)}
    receipts = [ming.post("/purchases", {**bought, "where": where})["id"] for where in ("一店", "二店")]
    hba1c = {"kind": "hba1c", "measured_on": str(FIRST_DAY), "source": "hospital"}
    measured = ming.post("/measurements", {**hba1c, "percent": 7})["id"]
    low = hong.file("glucose", value=2.5) and hong.get("/alerts")["items"][0]["id"]
    return {
        "session.start": Asking("POST", "/session", {"code": "dev:ming"}),
        "session.refresh": Asking("POST", "/session/refresh", {"refresh_token": ming.sign_in()["refresh_token"]}),
        "session.bind_phone": Asking("POST", "/session/phone", {"code": "x"}, ming),
        "dev.run_due": Asking("POST", "/dev/run-due", {}),
        "people.change": Asking("PATCH", "/people/me", {"nickname": "小明"}, ming),
        "people.create_dependant": Asking("POST", "/people/dependants", {
            "full_name": "陈大爷", "birth_on": "1950-05-01", "relation": "父亲", "basis": "carer"}, ming),
        "people.grant_role": Asking("POST", f"/people/{fei.id}/roles", role, admin),
        "people.accept_role": Asking("POST", "/people/me/roles", {"code": invite["code"]}, hong),
        "people.invite_family": Asking("POST", "/people/me/family-invites", {
            "sees": ["danger", "progress"], "may_file": False, "person_id": ming.id}, ming),
        "people.join_family": Asking("POST", "/people/family", {"code": codes[1], "relation": "女儿"}, fei),
        "people.cheer": Asking("POST", f"/people/{ming.id}/cheers", {"words": "加油"}, hong),
        "people.change_family": Asking("PATCH", f"/people/me/family/{tie}", {"sees": ["readings"], "may_file": True}, ming),
        "consents.give": Asking("POST", "/consents", {
            "document_id": document["id"], "version": document["version"], "given_by": "self"}, ming),
        "organisations.create": Asking("POST", "/organisations", {"name": "第二医院"}, owner),
        "organisations.change": Asking("PATCH", f"/organisations/{organisation}", {
            "service_hours": {"from": "08:00", "to": "20:00", "weekdays": [1, 2, 3, 4, 5, 6, 7], "timezone": "Asia/Shanghai"},
            "duty_phone": "021-5550100", "on_duty": [manager.id], "issuer": "示范医院内分泌科",
            "signatories": [{"name": "李医生", "title": "主任"}],
            "internet_hospital_licence": None, "doctor_agreement": None}, admin),
        "organisations.invite": Asking("POST", f"/organisations/{organisation}/invites", role, admin),
        "camps.create": Asking("POST", "/camps", {"organisation_id": organisation, "template": "standard-28", "name": "夏季营",
                                                  "starts_on": "2026-06-01"}, admin),
        "camps.change": Asking("PATCH", f"/camps/{draft['id']}", {"name": "秋季营"}, admin),
        "classes.create": Asking("POST", "/classes", {"camp_id": camp["id"], "name": "月光班", "capacity": 9}, admin),
        "enrolments.join": Asking("POST", "/enrolments", {"join_code": group["join_code"], "board_visible": True}, fei),
        "entries.file": Asking("POST", "/entries", entry("glucose", NOW), ming),
        "entries.sync": Asking("POST", "/entries/sync", {"entries": [
            entry("meal", NOW), entry("exercise", NOW), entry("lesson", NOW, lesson_id=lesson)]}, ming),
        "entries.change": Asking("PATCH", f"/entries/{meal}", {"note": "少油"}, ming),
        "people.send_message": Asking("POST", f"/people/{ming.id}/messages", {
            "severity": "serious", "subject": "眼底检查", "body": "请尽快来复诊"}, manager),
        "alerts.acknowledge": Asking("POST", f"/alerts/{low}/acknowledge", {"note": "电话联系过", "close": False}, manager),
        "entries.take_fhir": Asking("POST", "/entries/fhir", {
            "resourceType": "Observation", "status": "final", "id": "a1", "effectiveDateTime": f"{FIRST_DAY}T07:00:00+08:00",
            "code": {"coding": [{"system": "http://loinc.org", "code": "14743-9"}]},
            "valueQuantity": {"value": 6.1, "code": "mmol/L"}}, ming),
        "entries.import_file": Asking("POST", "/entries/import?unit=mmol/L", {
            "raw": "日期,时间,结果\n2026-03-02,07:00,6.1\n".encode()}, ming, "text/csv"),
        "photos.add": Asking("POST", "/photos", {"raw": jpeg()}, ming, "image/jpeg"),
        "streaks.make_up": Asking("POST", "/streaks/makeups", {
            "enrolment_id": ming.enrolment["id"], "day": str(FIRST_DAY)}, ming),
        "points.adjust": Asking("POST", "/points/adjustments", {
            "enrolment_id": ming.enrolment["id"], "points": 7, "reason": "补记"}, admin),
        "people.set_targets": Asking("PUT", f"/people/{ming.id}/targets", {
            "ranges": {"fasting": {"from_mmol_l": 5.0, "below_mmol_l": 8.0}}, "limits": {"low_below": 4.5}, "frail": False,
            "hba1c_below_percent": 7.5, "note": "先稳住"}, nurse),
        "measurements.file": Asking("POST", "/measurements", {**hba1c, "percent": 7.2, "note": "三院"}, ming),
        "measurements.change": Asking("PATCH", f"/measurements/{measured}", {"percent": 7.1}, ming),
        "questions.ask": Asking("POST", "/questions", {"text": "餐后两小时从什么时候开始算", "about": "self"}, ming),
        "questions.rate": Asking("POST", f"/questions/{asked['id']}/rating", {"helpful": False, "may_use_words": True}, ming),
        "questions.write_on": Asking("POST", f"/questions/{asked['id']}/messages", {"text": "想等您一句话。"}, ming),
        "questions.reply": Asking("POST", f"{ticket}/reply", {"text": "您先把这几天的记录发给我看看。"}, nurse),
        "questions.route": Asking("POST", f"{other_ticket}/route", {"need": "medical"}, nurse),
        "questions.create_topic": Asking("POST", "/questions/topics", {
            "slug": "parking", "question": "来医院听课在哪里停车？", "ways": ["停车场在哪"], "category": "本机构",
            "medical": False, "answer": "门诊楼北侧有停车场，凭听课通知可以免费停半天。", "source": "总务科",
            "reviewer": "总务科", "review_due_on": "2027-03-01", "organisation_id": organisation,
            "from_question_id": unsure["id"]}, admin),
        "questions.change_topic": Asking("PATCH", "/questions/topics/parking", {
            "answer": "门诊楼北侧有停车场，凭听课通知可以免费停一天。", "status": "published",
            "organisation_id": organisation}, admin),
        "questions.settle_synonyms": Asking("PUT", "/questions/synonyms", {
            "organisation_id": organisation, "synonyms": [{"word": "小银", "instead": "停车"}]}, admin),
        "enrolments.change_plan": Asking("PATCH", f"{mine}/plan", {"plan": "four_a_week"}, manager),
        "enrolments.pause": Asking("POST", f"{mine}/pause", {
            "from": str(day(5)), "to": str(day(6)), "reason": "出差"}, ming),
        "enrolments.transfer": Asking("POST", f"{mine}/transfer", {"class_id": other["id"]}, admin),
        "enrolments.withdraw": Asking("POST", f"{mine}/withdraw", {"reason": "搬家"}, ming),
        "enrolments.close": Asking("POST", f"{theirs}/close", {"reason": "重复"}, admin),
        "rewards.create": Asking("POST", "/rewards", {
            "name": "厨房秤", "points": 100, "stock": 5, "audience": "patient", "stage": "habit", "form": "gift",
            "organisation_id": organisation}, admin),
        "rewards.change": Asking("PATCH", f"/rewards/{gift}", {
            "name": "大保温杯", "points": 0, "stock": 8, "closed": False}, admin),
        "rewards.redeem": Asking("POST", f"/rewards/{gift}/redemptions", {
            "address": "上海市长乐路 1 号", "person_id": ming.id}, ming),
        "rewards.settle": Asking("POST", f"/rewards/redemptions/{held}/settle", {"courier": "顺丰 1"}, admin),
        "rewards.post_spotlight": Asking("POST", "/rewards/spotlights", {
            "enrolment_id": ming.enrolment["id"], "words": "连续三天打卡，真棒！"}, manager),
        "purchases.add": Asking("POST", "/purchases", {**bought, "where": "三店"}, ming),
        "purchases.confirm": Asking("POST", f"/purchases/{receipts[0]}/confirm", {"strips": 50}, admin),
        "purchases.refuse": Asking("POST", f"/purchases/{receipts[1]}/refuse", {"reason": "看不清"}, admin),
        "certificates.issue": Asking("POST", "/certificates/issue", {"camp_id": graduates[0].enrolment["camp_id"]}, admin),
        "certificates.revoke": Asking("POST", f"/certificates/{papers[0]}/revoke", {"reason": "发错了"}, admin),
        "certificates.reissue": Asking("POST", f"/certificates/{papers[1]}/reissue", {"name": "方圆"}, admin),
        "certificates.ask_export": Asking("POST", "/certificates/exports", {
            "camp_id": graduates[0].enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"}, admin),
        # Last: whoever asks for something else here moves everybody's time.
        "dev.set_clock": Asking("PUT", "/dev/clock", {"now": NOW}),
    }
