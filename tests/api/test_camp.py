"""A camp from draft to archive, joining, pausing, leaving, boards and streaks."""

import datetime as dt

import pytest

from tests.makers import World, day, entry


def _state(person, number: int) -> str:
    return person.streak()["days"][number - 1]["state"]


def test_a_camp_needs_somebody_on_duty_and_freezes_when_it_starts(world: World) -> None:
    owner = world.person("owner")
    other = owner.post("/organisations", {"name": "另一家医院"})
    assert other.status == 201
    camp = world.camp(is_open=False)
    assert camp["status"] == "draft"
    opened = world.admin.post(f"/camps/{camp['id']}/open")
    assert opened["status"] == "enrolling"
    assert world.admin.ask("PATCH", f"/camps/{camp['id']}", {"rules": {"grace_hours": 10}})["rules_version"] == 2
    world.clock("2026-03-02T00:00:00+08:00")
    assert world.admin.get(f"/camps/{camp['id']}")["status"] == "running"
    frozen = world.admin.ask("PATCH", f"/camps/{camp['id']}", {"rules": {"grace_hours": 12}})
    assert (frozen.status, frozen.code) == (409, "camp_frozen")
    assert world.admin.post(f"/camps/{camp['id']}/archive").code == "camp_not_finished"
    world.clock("2026-03-30T10:00:00+08:00")
    assert world.admin.post(f"/camps/{camp['id']}/archive")["status"] == "archived"


def test_nobody_on_duty_keeps_a_camp_closed(world: World) -> None:
    grants = world.manager.get("/people/me")["roles"]
    assert grants
    record = world.admin.get(f"/audit?about={world.organisation_id}")
    assert record.status == 200
    camp = world.camp(is_open=False)
    manager = world.manager
    grant_id = world.admin.post(f"/people/{manager.id}/roles", {
        "role": "health_manager", "scope_type": "organisation", "scope_id": world.organisation_id})["id"]
    assert world.admin.ask("DELETE", f"/people/{manager.id}/roles/{grant_id}").status == 200
    refused = world.admin.post(f"/camps/{camp['id']}/open")
    assert (refused.status, refused.code) == (409, "nobody_on_duty")


def test_joining_needs_consent_a_seat_and_one_camp_at_a_time(world: World) -> None:
    camp = world.camp()
    small, large = world.group(camp, "小班", 1), world.group(camp, "大班", 9)
    hong = world.person("hong")
    draft = {"join_code": small["join_code"], "board_visible": True}
    assert hong.post("/enrolments", draft).code == "consent_required"
    world.patient("ming", small)
    hong.consent()
    assert hong.post("/enrolments", draft).code == "class_full"
    assert hong.post("/enrolments", {**draft, "join_code": large["join_code"].lower()}).status == 201
    assert hong.post("/enrolments", {**draft, "join_code": large["join_code"]}).code == "already_enrolled"
    assert hong.post("/enrolments", {**draft, "join_code": "NOSUCH22"}).code == "code_unknown"


@pytest.mark.parametrize(("at", "status"), [("2026-03-04T23:59:59+08:00", 201), ("2026-03-05T00:00:00+08:00", 409)])
def test_late_joining_ends_with_the_third_day(world: World, at: str, status: int) -> None:
    group = world.group()
    world.clock(at)
    late = world.person("late")
    late.consent()
    answer = late.post("/enrolments", {"join_code": group["join_code"], "board_visible": True})
    assert answer.status == status
    if status == 201:
        late.enrolment = answer.json
        assert [d["state"] for d in late.streak()["days"][:4]] == ["before_joining", "before_joining", "open", "future"]


def test_the_plan_is_proposed_from_the_treatments(world: World) -> None:
    group = world.group()
    assert world.patient("oral", group, plan=None).enrolment["plan"] == "four_a_week"
    insulin = world.person("insulin")
    insulin.ask("PATCH", "/people/me", {"treatments": ["oral", "basal_insulin"]})
    assert insulin.join(group, plan=None).enrolment["plan"] == "daily"


def test_a_screening_answer_that_asks_for_staff_waits_for_them(world: World) -> None:
    camp = world.camp()
    question = camp["screening"][0]
    hong = world.patient("hong", world.group(camp), screening={question["id"]: question["ask_staff_when"]})
    assert hong.enrolment["status"] == "applied"
    assert world.admin.post(f"/enrolments/{hong.enrolment['id']}/approve").status == 403
    assert world.manager.post(f"/enrolments/{hong.enrolment['id']}/approve")["status"] == "active"
    assert world.manager.post(f"/enrolments/{hong.enrolment['id']}/decline").code == "enrolment_not_applied"


def test_every_plan_can_earn_the_same(world: World) -> None:
    group = world.group()
    daily, light = world.patient("daily", group), world.patient("light", group, plan="four_a_week")
    for number in range(1, 8):
        daily.live_day(day(number))
        tested = (number - 1) % 7 in (0, 1, 3, 5)
        light.live_day(day(number), *("meal", "exercise", "glucose")[:3 if tested else 2])
    assert daily.points()["balance"] == light.points()["balance"] == 7 * 25 + 10 + 30


def test_milestones_come_back_with_a_late_entry_and_go_with_a_deletion(world: World) -> None:
    ming = world.patient()
    for number in (1, 2, 3):
        ming.live_day(day(number))
    assert ming.points()["balance"] == 3 * 25 + 10
    meal = next(e for e in ming.get("/entries?kind=meal")["items"] if e["day"] == str(day(3)))
    assert ming.ask("DELETE", f"/entries/{meal['id']}")["points_earned"] == -(3 + 10 + 10)
    world.clock(f"{day(4)}T11:00:00+08:00")
    again = ming.file("meal", f"{day(3)}T12:00:00+08:00")
    assert (again["points_earned"], again["streak"]["current"]) == (23, 3)


def test_a_make_up_card_saves_the_run_pays_nothing_and_is_spent(world: World) -> None:
    ming = world.patient()
    ming.live_day(day(1))
    ming.live_day(day(3))
    world.clock(f"{day(3)}T21:00:00+08:00")
    before = ming.points()["balance"]
    made = ming.post("/streaks/makeups", {"enrolment_id": ming.enrolment["id"], "day": str(day(2))})
    assert (made.status, made["current"], made["complete_days"], made["makeup_cards_left"]) == (201, 3, 2, 1)
    assert _state(ming, 2) == "made_up"
    # The run of three now stands, and its milestone with it; the day itself pays nothing.
    assert ming.points()["balance"] == before + 10
    again = ming.post("/streaks/makeups", {"enrolment_id": ming.enrolment["id"], "day": str(day(2))})
    assert again.code == "makeup_not_needed"
    assert ming.post("/streaks/makeups", {"enrolment_id": ming.enrolment["id"], "day": str(day(3))}).code == "makeup_not_needed"


def test_a_pause_keeps_the_run_and_hides_its_reason_from_the_class(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    ming.live_day(day(1))
    paused = ming.post(f"/enrolments/{ming.enrolment['id']}/pause", {
        "from": str(day(2)), "to": str(day(3)), "reason": "住院检查"})
    assert paused.status == 200
    ming.live_day(day(4))
    assert (ming.streak()["current"], _state(ming, 2)) == (2, "paused")
    too_long = ming.post(f"/enrolments/{ming.enrolment['id']}/pause", {
        "from": str(day(5)), "to": str(day(10)), "reason": "出差"})
    assert too_long.code == "pause_too_long"
    world.clock(f"{day(3)}T09:00:00+08:00")
    leader = world.with_role("leader", "leader", "class", group["id"])
    members = leader.get(f"/classes/{group['id']}/members")
    assert members["items"][0]["paused"] is True
    assert "住院检查" not in str(members.json)
    assert ming.get("/enrolments")["items"][0]["status"] == "paused"


def test_levels_are_reached_and_the_finish_is_paid_once(world: World) -> None:
    ming = world.patient()
    for number in range(1, 29):
        ming.live_day(day(number))
    expected = 28 * 25 + (10 + 30 + 50 + 70 + 100) + 100
    points = ming.points()
    assert (points["balance"], points["level"]) == (expected, "全勤")
    world.clock("2026-03-30T12:00:00+08:00")
    assert world.ask("POST", "/dev/run-due", {})["ran"]["finish_camps"] == 1
    assert world.ask("POST", "/dev/run-due", {})["ran"]["finish_camps"] == 0
    assert ming.points()["balance"] == expected
    assert ming.get("/enrolments")["items"][0]["status"] == "finished"
    assert (ming.streak()["current"], ming.streak()["longest"]) == (28, 28)
    assert ming.join(world.group(world.camp(dt.date(2026, 4, 6)))).enrolment["status"] == "active"


def test_a_board_ranks_ties_hides_names_and_lists_everyone(world: World) -> None:
    group = world.group()
    people = [world.patient(name, group, board_visible=name != "shy") for name in ("a", "b", "shy", "zero")]
    world.clock("2026-03-02T20:00:00+08:00")
    for minute, (person, count) in enumerate(zip(people[:3], (1, 2, 1), strict=True)):
        world.clock(f"2026-03-02T20:0{minute}:00+08:00")
        for _ in range(count):
            person.file("meal")
    board = people[0].get(f"/leaderboards?class_id={group['id']}&period=day&metric=points")
    assert [(i["rank"], i["name"], i["score"]) for i in board["items"]] == [
        (1, "b", 6), (2, "a", 3), (2, "匿名糖友", 3), (4, "zero", 0)]
    assert (board["me"], board["total"]) == ({"rank": 2, "score": 3}, 4)
    shy = people[2].get(f"/leaderboards?class_id={group['id']}&period=week&metric=check_ins&around=me&limit=2")
    assert any(item["is_me"] and item["name"] == "shy" for item in shy["items"])
    pages = people[0].get(f"/leaderboards?class_id={group['id']}&limit=3")
    rest = people[0].get(f"/leaderboards?class_id={group['id']}&limit=3&after={pages['next']}")
    assert [i["rank"] for i in rest["items"]] == [4]


def test_adjustments_move_the_balance_and_no_board(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    draft = {"enrolment_id": ming.enrolment["id"], "points": 50, "reason": "活动奖励"}
    assert world.admin.post("/points/adjustments", draft, Idempotency_Key="k1").status == 201
    replay = world.admin.post("/points/adjustments", draft, Idempotency_Key="k1")
    assert (replay.status, replay.headers["Idempotency-Replayed"]) == (201, "true")
    other = world.admin.post("/points/adjustments", {**draft, "points": 60}, Idempotency_Key="k1")
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    assert ming.points()["balance"] == 50
    assert ming.get(f"/leaderboards?class_id={group['id']}")["me"]["score"] == 0
    assert ming.post("/points/adjustments", draft).status == 403


def test_a_transfer_takes_all_points_along_and_the_old_leader_loses_sight(world: World) -> None:
    camp = world.camp()
    old, new = world.group(camp, "旧班"), world.group(camp, "新班")
    ming = world.patient("ming", old)
    ming.live_day(day(1))
    leader = world.with_role("leader", "leader", "class", old["id"])
    moved = world.admin.post(f"/enrolments/{ming.enrolment['id']}/transfer", {"class_id": new["id"]})
    assert moved["class"]["name"] == "新班"
    assert ming.get(f"/leaderboards?class_id={new['id']}")["me"]["score"] == 25
    assert leader.get(f"/classes/{old['id']}/members")["items"] == []
    assert leader.get(f"/enrolments/{ming.enrolment['id']}").status == 404
    assert ming.get(f"/classes/{old['id']}").status == 404
    means = ming.get(f"/leaderboards/classes?camp_id={camp['id']}")
    assert [(i["name"], i["score"], i["members"]) for i in means["items"]] == [("新班", 25.0, 1), ("旧班", 0.0, 0)]


def test_who_withdraws_leaves_the_board_and_keeps_record_and_points(world: World) -> None:
    group = world.group()
    ming, hong = world.patient("ming", group), world.patient("hong", group)
    ming.live_day(day(1))
    assert ming.post(f"/enrolments/{ming.enrolment['id']}/withdraw", {})["status"] == "withdrawn"
    assert hong.get(f"/leaderboards?class_id={group['id']}")["total"] == 1
    assert ming.points()["balance"] == 25
    assert len(ming.get("/entries")["items"]) == 3
    assert world.manager.get(f"/entries?person_id={ming.id}").status == 404


def test_a_leader_sees_who_has_checked_in_and_never_a_value(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    world.clock("2026-03-02T20:00:00+08:00")
    reading = ming.file("glucose", value=17.3)["entry"]["id"]
    leader = world.with_role("leader", "leader", "class", group["id"])
    members = leader.get(f"/classes/{group['id']}/members")
    assert members["items"][0]["done"]["glucose"] == 1
    assert "17.3" not in str(members.json)
    assert leader.get(f"/entries/{reading}").status == 403
    assert leader.get(f"/entries?person_id={ming.id}").status == 403
    assert world.admin.get(f"/entries?person_id={ming.id}").status == 403
    shown = world.manager.get(f"/classes/{group['id']}/members")
    assert shown["items"][0]["last_reading"]["glucose_mmol_l"] == 17.3
    assert any(r["verb"] == "class.members_read" for r in world.admin.get("/audit?limit=100")["items"])


def test_a_strangers_id_is_not_found_anywhere(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    filed = ming.file("meal")["entry"]["id"]
    stranger = world.person("stranger")
    paths = [f"/entries/{filed}", f"/people/{ming.id}", f"/enrolments/{ming.enrolment['id']}", f"/classes/{group['id']}",
             f"/camps/{group['camp_id']}", f"/classes/{group['id']}/members", f"/leaderboards?class_id={group['id']}",
             f"/streaks/me?enrolment_id={ming.enrolment['id']}", f"/entries?person_id={ming.id}",
             f"/points/me?person_id={ming.id}", f"/consents?person_id={ming.id}"]
    assert {path: stranger.get(path).status for path in paths} == dict.fromkeys(paths, 404)
    assert stranger.ask("PATCH", f"/entries/{filed}", {"nonsense": 1}).status == 404
    assert stranger.ask("DELETE", f"/entries/{filed}").status == 404


def test_rights_count_on_the_next_request(world: World) -> None:
    group = world.group()
    leader = world.person("leader")
    assert leader.get(f"/classes/{group['id']}/members").status == 404
    grant = world.admin.post(f"/people/{leader.id}/roles", {"role": "leader", "scope_type": "class", "scope_id": group["id"]})
    assert leader.get(f"/classes/{group['id']}/members").status == 200
    world.admin.ask("DELETE", f"/people/{leader.id}/roles/{grant['id']}")
    assert leader.get(f"/classes/{group['id']}/members").status == 404


def test_an_invite_gives_its_role_once(world: World) -> None:
    invite = world.admin.post(f"/organisations/{world.organisation_id}/invites", {
        "role": "nurse", "scope_type": "organisation", "scope_id": world.organisation_id, "credential": "执业证 123"})
    nurse = world.person("nurse")
    assert nurse.post("/people/me/roles", {"code": invite["code"]})["role"] == "nurse"
    assert world.person("other").post("/people/me/roles", {"code": invite["code"]}).code == "code_used"
    bare = world.admin.post(f"/organisations/{world.organisation_id}/invites", {
        "role": "doctor", "scope_type": "organisation", "scope_id": world.organisation_id})
    assert bare.code == "credential_needed"


def test_withdrawn_consent_is_felt_on_the_next_request(world: World) -> None:
    ming = world.patient()
    consent = ming.get("/consents")["items"][0]
    assert ming.ask("DELETE", f"/consents/{consent['id']}").status == 204
    refused = ming.post("/entries", entry("glucose", world.now, value=2.8))
    assert (refused.status, refused.code, refused["advice"]["level"]) == (403, "consent_required", "critical_low")


def test_a_plan_changed_by_health_staff_counts_from_today(world: World) -> None:
    ming = world.patient()
    ming.live_day(day(1))
    ming.live_day(day(2), "meal", "exercise")
    ming.live_day(day(3), "meal", "exercise")
    assert _state(ming, 3) == "open"
    changed = world.manager.ask("PATCH", f"/enrolments/{ming.enrolment['id']}/plan", {"plan": "four_a_week"})
    assert changed["plan"] == "four_a_week"
    assert (_state(ming, 2), _state(ming, 3)) == ("partial", "complete")


def test_today_says_what_is_done_of_what_is_asked(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(2)}T20:00:00+08:00")
    ming.file("meal")
    today = ming.streak()["today"]
    assert today == {"day": str(day(2)), "number": 2, "done": {"meal": 1, "exercise": 0, "glucose": 0, "lesson": 0},
                     "required": {"meal": 1, "exercise": 1, "glucose": 1}, "complete": False}
    world.clock("2026-05-01T20:00:00+08:00")
    assert ming.get(f"/streaks/me?enrolment_id={ming.enrolment['id']}")["today"] is None


def test_a_day_that_was_written_down_after_it_had_closed_says_so(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(4)}T20:00:00+08:00")
    ming.sign_in()
    for kind in ("meal", "glucose"):
        assert ming.file(kind, f"{day(1)}T12:00:00+08:00")["entry"]["counts_reason"] == "day_closed"
    first, second = ming.streak()["days"][:2]
    assert (first["state"], "结束以后才记的（饮食 1 次、血糖 1 次）" in first["why"]) == ("missed", True)
    assert second["why"].startswith("这天没有打卡")
