"""Two workers, one instant: what is sent at once is stored once and pays once."""

import json
import pathlib
import threading
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

from tests.live import Live, serving
from tests.makers import EVE, FIRST_DAY, entry

AT_ONCE, IDS = 12, 12
MOST_OF_A_DAY = 3 * 3 + 6 + 6 + 10  # three meals, one exercise, one reading, the complete day


def ask(live: Live, method: str, path: str, body: Any = None, token: str = "") -> tuple[int, Any]:
    """Status and JSON of one request; a busy server is asked again, as a client does."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    asked = urllib.request.Request(f"{live.base_url}/api/v1{path}", method=method, headers=headers,
                                   data=None if body is None else json.dumps(body).encode())
    while True:
        try:
            with urllib.request.urlopen(asked) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 503:
                return refusal.code, json.load(refusal)


def at_the_same_instant(count: int, act: Any) -> list[Any]:
    """What `act(n)` gave each of so many threads that set off together."""
    gate, gave = threading.Barrier(count), [None] * count

    def run(place: int) -> None:
        gate.wait()
        gave[place] = act(place)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return gave


def a_patient(live: Live) -> tuple[str, str]:
    """(token, enrolment id) of somebody in a camp, at noon of its first day."""
    ask(live, "PUT", "/dev/clock", {"now": EVE})
    admin = ask(live, "POST", "/session", {"code": "dev:admin"})[1]["access_token"]
    organisation = ask(live, "GET", "/organisations", token=admin)[1]["items"][0]["id"]
    camp = ask(live, "POST", "/camps", {"organisation_id": organisation, "template": "standard-28", "name": "春季营",
                                        "starts_on": str(FIRST_DAY)}, admin)[1]
    ask(live, "POST", f"/camps/{camp['id']}/open", token=admin)
    group = ask(live, "POST", "/classes", {"camp_id": camp["id"], "name": "晨光班", "capacity": 9}, admin)[1]
    ask(live, "PUT", "/dev/clock", {"now": f"{FIRST_DAY}T12:00:00+08:00"})
    token = ask(live, "POST", "/session", {"code": "dev:ming"})[1]["access_token"]
    care = next(document for document in ask(live, "GET", "/consents/documents/current", token=token)[1]["items"]
                if document["purpose"] == "care")
    ask(live, "POST", "/consents", {"document_id": care["id"], "version": care["version"], "given_by": "self"}, token)
    status, enrolment = ask(live, "POST", "/enrolments", {"join_code": group["join_code"], "board_visible": True,
                                                          "plan": "daily"}, token)
    assert status == 201
    return token, enrolment["id"]


def test_what_is_sent_at_once_is_stored_once_and_pays_once(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        token, _ = a_patient(live)
        drafts = [entry(("meal", "exercise", "glucose")[number % 3], f"{FIRST_DAY}T11:{number:02d}:00+08:00")
                  for number in range(IDS)]
        for draft in drafts:
            gave = at_the_same_instant(AT_ONCE, lambda _, sent=draft: ask(live, "POST", "/entries", sent, token))
            assert Counter(status for status, _ in gave) == {201: 1, 200: AT_ONCE - 1}, gave
            assert len({json.dumps(body["entry"], sort_keys=True) for _, body in gave}) == 1
        entries = ask(live, "GET", "/entries?limit=100", token=token)[1]["items"]
        assert sorted(each["id"] for each in entries) == sorted(draft["id"] for draft in drafts)
        points = ask(live, "GET", "/points/me?limit=100", token=token)[1]
        assert points["balance"] == sum(line["points"] for line in points["lines"]["items"]) == MOST_OF_A_DAY


def test_forty_posts_at_once_earn_exactly_what_is_due(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        token, enrolment_id = a_patient(live)
        drafts = [entry(("meal", "exercise", "glucose", "meal")[number % 4], f"{FIRST_DAY}T10:{number:02d}:00+08:00")
                  for number in range(40)]
        gave = at_the_same_instant(40, lambda place: ask(live, "POST", "/entries", drafts[place], token))
        assert Counter(status for status, _ in gave) == {201: 40}
        points = ask(live, "GET", "/points/me?limit=100", token=token)[1]
        assert points["balance"] == sum(line["points"] for line in points["lines"]["items"]) == MOST_OF_A_DAY
        assert sum(body["points_earned"] for _, body in gave) == MOST_OF_A_DAY
        streak = ask(live, "GET", f"/streaks/me?enrolment_id={enrolment_id}", token=token)[1]
        assert (streak["current"], streak["today"]["complete"]) == (1, True)
        class_id = ask(live, "GET", f"/enrolments/{enrolment_id}", token=token)[1]["class_id"]
        board = ask(live, "GET", f"/leaderboards?class_id={class_id}", token=token)[1]
        assert board["me"] == {"rank": 1, "score": MOST_OF_A_DAY}
