"""A certificate from the day it is earned to the day somebody doubts it."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
import urllib.parse
import zipfile

import openpyxl
import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import KeySet
from pdfminer.high_level import extract_text

from tests.live import PROJECT
from tests.makers import FIRST_DAY, World, day

CLOSED = f"{FIRST_DAY + dt.timedelta(days=28)}T12:00:00+08:00"
LEVELS = [{"level": "结营", "complete_days": 1}, {"level": "优秀", "complete_days": 2}, {"level": "全勤", "complete_days": 28}]


def graduate(world: World, *names: str):
    """People with two complete days of a camp that asks for one and for two; the camp is over."""
    group = world.group(world.camp(rules={"certificates": LEVELS}))
    people = [world.patient(name, group) for name in names]
    for person in people:
        person.live_day(day(1))
        person.live_day(day(2))
    world.clock(CLOSED)
    return group, people


def first(person):
    return person.get("/certificates")["items"][0]


def test_the_clock_issues_the_highest_level_once_and_says_so(world: World) -> None:
    group, (ming, hong) = graduate(world, "ming", "hong")
    lazy = world.person("lazy")
    assert ming.get("/certificates")["items"] == []
    assert world.admin.post("/dev/run-due", {})["ran"]["issue_certificates"] == 2
    issued = first(ming)
    assert {key: issued[key] for key in ("level", "complete_days", "camp_days", "camp", "status", "issued_on", "issuer")} == {
        "level": "优秀", "complete_days": 2, "camp_days": 28, "camp": "春季营", "status": "valid", "issued_on": CLOSED[:10],
        "issuer": "示范医院"}
    assert issued["number"] != first(hong)["number"]
    again = world.admin.post("/certificates/issue", {"camp_id": group["camp_id"]})
    assert (again.status, again.json) == (200, {"issued": 0, "already": 2, "left": 0})
    assert world.admin.post("/dev/run-due", {})["ran"]["issue_certificates"] == 0
    told = [one for one in world.ask("GET", "/dev/outbox")["items"] if one["template"] == "certificate_issued"]
    assert {one["to"] for one in told} == {ming.id, hong.id}
    assert lazy.get("/certificates")["items"] == []


def test_an_admin_issues_before_the_clock_has_looked(world: World) -> None:
    group, people = graduate(world, "ming")
    issued = world.admin.post("/certificates/issue", {"camp_id": group["camp_id"]})
    assert issued.json == {"issued": 1, "already": 0, "left": 0}
    assert people[0].get(f"/enrolments/{people[0].enrolment['id']}")["status"] == "finished"
    assert world.admin.post("/dev/run-due", {})["ran"]["issue_certificates"] == 0


def test_nothing_is_issued_while_the_camp_runs_nor_by_anybody_but_its_admin(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    world.clock(f"{day(28)}T23:59:00+08:00")
    body = {"camp_id": group["camp_id"]}
    refused = world.admin.post("/certificates/issue", body)
    assert (refused.status, refused.code) == (409, "camp_still_running")
    assert world.manager.post("/certificates/issue", body).status == 403
    assert ming.post("/certificates/issue", body).status == 403
    assert world.person("eve").post("/certificates/issue", body).status == 404


def test_whoever_reached_no_level_gets_none(world: World) -> None:
    group = world.group()
    ming = world.patient("ming", group)
    ming.live_day(day(1))
    world.clock(CLOSED)
    assert world.admin.post("/certificates/issue", {"camp_id": group["camp_id"]}).json == {
        "issued": 0, "already": 0, "left": 0}
    assert ming.get("/certificates")["items"] == []


def test_the_papers_are_the_owners_and_staffs_alone(world: World) -> None:
    ming, hong = world.graduates("ming", "hong")
    path = f"/certificates/{first(ming)['id']}"
    for person, status in ((ming, 200), (world.admin, 200), (world.manager, 200), (hong, 404), (world.person("eve"), 404)):
        assert person.get(f"{path}.pdf").status == status, person.name
    pdf = ming.get(f"{path}.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert first(ming)["number"] in extract_text(io.BytesIO(pdf.json))
    assert ming.get(f"{path}.png").json.startswith(b"\x89PNG")
    assert world.ask("GET", f"{path}.pdf").status == 401


def test_anybody_checks_a_number_and_sees_a_masked_name(world: World) -> None:
    ming, = world.graduates("ming")
    issued = first(ming)
    found = world.ask("GET", f"/certificates/check/{issued['number'].lower()}")
    assert (found.status, found["status"], found["days"]) == (200, "valid", 1)
    assert found["name"] == f"{issued['name'][0]}**"
    page = world.ask("GET", f"/c/{issued['number']}")
    assert page.status == 200
    assert "证书有效" in page.json.decode()
    assert "script" not in page.json.decode()
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for unknown in ("TY26-AAAA-AAAA-00", "%00", "x" * 300, "<script>"):
        quoted = urllib.parse.quote(unknown, safe="%")
        assert world.ask("GET", f"/certificates/check/{quoted}")["status"] == "unknown", unknown
        page = world.ask("GET", f"/c/{quoted}")
        assert page.status == 200
        assert "没有查到" in page.json.decode()
        assert "<script" not in page.json.decode()


def test_a_revoked_number_says_so(world: World) -> None:
    ming, = world.graduates("ming")
    issued = first(ming)
    path = f"/certificates/{issued['id']}"
    assert ming.post(f"{path}/revoke", {"reason": "不想要"}).status == 403
    revoked = world.admin.post(f"{path}/revoke", {"reason": "发错了"})
    assert (revoked.status, revoked["status"]) == (200, "revoked")
    assert world.ask("GET", f"/certificates/check/{issued['number']}")["status"] == "revoked"
    assert "已被撤销" in world.ask("GET", f"/c/{issued['number']}").json.decode()
    for ending in ("pdf", "png", "jwt"):
        refused = ming.get(f"{path}.{ending}")
        assert (refused.status, refused.code) == (409, "certificate_not_live")
    assert world.admin.post(f"{path}/reissue", {"name": "小明"}).code == "certificate_not_live"


def test_a_name_is_corrected_by_a_new_number_to_which_the_old_ones_lead(world: World) -> None:
    ming, = world.graduates("ming")
    old = first(ming)
    second = world.admin.post(f"/certificates/{old['id']}/reissue", {"name": "欧阳䶮"})
    assert second.status == 201
    assert (second["name"], second["level"], second["complete_days"]) == ("欧阳䶮", old["level"], old["complete_days"])
    assert world.admin.post(f"/certificates/{old['id']}/reissue", {"name": "又一个"}).code == "certificate_not_live"
    third = world.admin.post(f"/certificates/{second['id']}/reissue", {"name": "阿卜杜拉·买买提"})
    for number in (old["number"], second["number"]):
        found = world.ask("GET", f"/certificates/check/{number}")
        assert (found["status"], found["replaced_by"]) == ("replaced", third["number"])
    assert third["number"] in world.ask("GET", f"/c/{old['number']}").json.decode()
    assert [one["status"] for one in ming.get("/certificates")["items"]].count("valid") == 1
    group = {"camp_id": old["camp_id"]}
    assert world.admin.post("/certificates/issue", group).json == {"issued": 0, "already": 1, "left": 0}


@pytest.mark.parametrize("change", [None, ("complete_days", 28), ("name", "王**"), ("level", "全勤"), ("number", "TY26-A")])
def test_the_signature_is_checked_offline_with_the_published_key(world: World, tmp_path, change) -> None:
    ming, = world.graduates("ming")
    answer = world.ask("GET", f"/certificates/check/{first(ming)['number']}").json
    if change:
        answer["certified"][change[0]] = change[1]
    (tmp_path / "one.json").write_text(json.dumps(answer), "utf-8")
    (tmp_path / "keys.json").write_text(json.dumps(world.ask("GET", "/certificates/keys").json), "utf-8")
    ran = subprocess.run([sys.executable, "-m", "server.check_certificate", tmp_path / "one.json", "--key",
                          tmp_path / "keys.json", "--name", first(ming)["name"]],
                         cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (1 if change else 0, "")


def test_the_credential_is_verified_by_a_library_that_is_not_ours(world: World) -> None:
    ming, = world.graduates("ming")
    issued = first(ming)
    token = ming.get(f"/certificates/{issued['id']}.jwt").json
    keys = world.ask("GET", "/certificates/keys").json
    # RFC 9864 renames EdDSA; wallets of Open Badges know the old name alone, and the library says so.
    with pytest.warns(SecurityWarning):
        header = jwt.decode(token, KeySet.import_key_set(
            {"keys": [{**key, "kid": f"{issued['check_url'].split('/c/')[0]}/api/v1/certificates/keys/{key['kid']}"}
                      for key in keys["keys"]]}), algorithms=["EdDSA"])
    claims = header.claims
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["jti"] == claims["id"] == issued["check_url"]
    assert claims["credentialSubject"]["achievement"]["name"] == f"{issued['camp']} · {issued['level']}"
    assert issued["name"] not in json.dumps(claims, ensure_ascii=False)
    kid = header.header["kid"].rsplit("/", 1)[1]
    assert world.ask("GET", f"/certificates/keys/{kid}")["x"] == keys["keys"][0]["x"]
    for nobody in ("nobody", "%00", "x" * 43, "%ED%A0%80"):
        assert world.ask("GET", f"/certificates/keys/{nobody}").status == 404


def export(world: World, **scope) -> bytes:
    asked = world.admin.post("/certificates/exports", {"purpose": "结营仪式", **scope})
    assert (asked.status, asked["status"]) == (202, "waiting")
    path = f"/certificates/exports/{asked['id']}"
    assert world.admin.get(f"{path}/file").code == "export_not_ready"
    assert world.admin.post("/dev/run-due", {})["ran"]["make_exports"] == 1
    shown = world.admin.get(path)
    assert (shown["status"], shown["done"]) == ("done", shown["total"])
    return world.admin.get(f"{path}/file")


def named(world: World, name: str, full_name: str):
    assert world.person(name).ask("PATCH", "/people/me", {"full_name": full_name}).status == 200
    return name


def test_a_register_holds_every_number_and_no_formula(world: World) -> None:
    names = ['=HYPERLINK("http://x","点")', "＝1+1", "-5.6", "王小明"]
    people = world.graduates(*(named(world, f"p{number}", name) for number, name in enumerate(names)))
    camp = {"camp_id": people[0].enrolment["camp_id"]}
    world.admin.post(f"/certificates/{first(people[3])['id']}/revoke", {"reason": "发错了"})
    text = export(world, format="csv", **camp).json
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert {row["姓名"] for row in rows} == {f"'{names[0]}", f"'{names[1]}", "-5.6", "王小明"}
    assert {row["姓名"]: row["状态"] for row in rows}["王小明"] == "已撤销"
    book = openpyxl.load_workbook(io.BytesIO(export(world, format="xlsx", **camp).json))
    cells = [cell for row in book.active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert book.active["F2"].value == 1


def test_a_class_leaves_as_a_zip_of_papers_in_force_under_names_of_their_own(world: World) -> None:
    people = world.graduates(named(world, "p1", '"引/号"'), named(world, "p2", "王小明"), named(world, "p3", "李雷"))
    world.admin.post(f"/certificates/{first(people[2])['id']}/revoke", {"reason": "发错了"})
    answer = export(world, class_id=people[0].enrolment["class_id"], format="zip")
    assert urllib.parse.quote("冬季营 雪松班 证书.zip") in answer.headers["Content-Disposition"]
    bundle = zipfile.ZipFile(io.BytesIO(answer.json))
    assert bundle.testzip() is None
    assert sorted(name.split(" ")[0] for name in bundle.namelist()) == ["雪松班/_引_号_", "雪松班/王小明"]
    assert all(bundle.read(name).startswith(b"%PDF") for name in bundle.namelist())


def test_exports_are_for_admins_with_a_purpose_and_are_on_record(world: World) -> None:
    ming, = world.graduates("ming")
    camp = {"camp_id": ming.enrolment["camp_id"], "format": "csv"}
    for person, status in ((ming, 403), (world.manager, 403), (world.person("eve"), 404)):
        assert person.post("/certificates/exports", {**camp, "purpose": "看看"}).status == status
    assert world.admin.post("/certificates/exports", camp).status == 422
    assert world.admin.post("/certificates/exports", {"format": "csv", "purpose": "看看"}).code == "export_unnamed"
    export(world, **camp)
    verbs = [one["verb"] for one in world.admin.get("/audit?limit=100")["items"]]
    assert verbs.count("certificate.export") == 1
    assert verbs.count("certificate.export_fetch") == 1


def test_a_file_is_kept_for_a_day(world: World) -> None:
    ming, = world.graduates("ming")
    asked = world.admin.post("/certificates/exports", {
        "camp_id": ming.enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"})
    world.admin.post("/dev/run-due", {})
    world.clock(dt.datetime.fromisoformat(world.now) + dt.timedelta(hours=25))
    world.admin.post("/dev/run-due", {})
    gone = world.admin.get(f"/certificates/exports/{asked['id']}/file")
    assert (gone.status, gone.code) == (410, "export_gone")


def test_the_sixty_first_export_of_an_hour_waits(world: World) -> None:
    ming, = world.graduates("ming")
    body = {"camp_id": ming.enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"}
    for _ in range(60):
        assert world.admin.post("/certificates/exports", body).status == 202
    refused = world.admin.post("/certificates/exports", body)
    assert (refused.status, refused.code) == (429, "too_many_requests")
    world.clock(dt.datetime.fromisoformat(world.now) + dt.timedelta(minutes=61))
    assert world.admin.post("/certificates/exports", body).status == 202
