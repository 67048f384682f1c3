"""A staff message reaches the patient first, unless the patient chose before that family hears, and agreed."""

import pytest

from server.domain.messages import FIRST, ROUTES, SEVERITIES
from tests.makers import World

# Severity, whom the patient chose, whether there is family under consent, and who hears in order.
TABLE = [
    ("routine", "patient", True, ["ming"]), ("routine", "family", True, ["ming"]),
    ("serious", "patient", True, ["ming"]), ("serious", "family", True, ["fei", "ming"]),
    ("serious", "family", False, ["ming"]), ("critical", "patient", True, ["ming", "fei"]),
    ("critical", "patient", False, ["ming"]), ("critical", "family", True, ["fei", "ming"]),
]


def test_every_severity_and_every_choice_has_a_route() -> None:
    assert set(ROUTES) == {(severity, first) for severity in SEVERITIES for first in FIRST}


@pytest.mark.parametrize(("severity", "first", "agreed", "expected"), TABLE)
def test_who_hears_follows_severity_choice_and_consent(world: World, severity: str, first: str, *, agreed: bool,
                                                       expected: list[str]) -> None:
    ming, fei = world.patient(), world.person("fei")
    assert ming.ask("PATCH", "/people/me", {"serious_news_first": first})["serious_news_first"] == first
    ming.consent("family")
    code = ming.post("/people/me/family-invites", {})["code"]
    fei.post("/people/family", {"code": code, "relation": "女儿"})
    if not agreed:
        given = next(one["id"] for one in ming.get("/consents")["items"] if one["purpose"] == "family")
        ming.ask("DELETE", f"/consents/{given}")
    answer = world.manager.post(f"/people/{ming.id}/messages", {"severity": severity, "subject": "眼底", "body": "请复诊"})
    names = {ming.id: "ming", fei.id: "fei"}
    assert [names[one["who"]] for one in answer["told"]] == expected
    told = [row for row in world.admin.get("/audit?limit=100")["items"] if row["verb"] == "message.tell"]
    assert len(told) == len(expected)


def test_only_health_staff_in_reach_may_write(world: World) -> None:
    ming = world.patient()
    draft = {"severity": "routine", "subject": "好", "body": "好"}
    assert world.admin.post(f"/people/{ming.id}/messages", draft).status == 403
    assert world.person("stranger").post(f"/people/{ming.id}/messages", draft).status == 404
