"""Our own server, filled the way a real one is: through its API, on a stopped clock."""
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from bench.camps import Camp, encoded
from bench.drafts import OFFSET, camp_day
from bench.load import Call, Door
from bench.servers import PROJECT, DidNotStart, plain_environment

APPLICATION = "server.app:create_app()"
EVENING = "21:30:00"
EVE = 0  # the camp day before the first, when everybody joins


def settings_in(folder: Path) -> dict[str, str]:
    """Return the settings of a development server that keeps everything in the folder."""
    return {"TANGYING_ENV": "development", "TANGYING_DATA_DIR": str(folder)}


def prepare(folder: Path) -> None:
    """Migrate and seed the database in the folder; raises DidNotStart with what was said."""
    done = subprocess.run([sys.executable, "-m", "server.prepare"], cwd=PROJECT, text=True, capture_output=True,
                          env=plain_environment() | settings_in(folder), stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise DidNotStart(done.stdout + done.stderr)


def patient_name(member: int) -> str:
    """Return the development name of a member."""
    return f"bench-{member:03d}"


def address_of(member: int) -> str:
    """Return the loopback address a member calls from, so that sign-in limits see a town and not one house."""
    return f"127.0.{1 + member % 20}.1"


class Office:
    """Whoever sets a camp up: asks the API and hands back its data."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def ask(self, method: str, path: str, data: Any = None, *, token: str | None = None, expected: int = 200,
            address: str = "127.0.0.1") -> Any:
        """Return the answer's data; raises BadAnswer."""
        body = None if data is None else encoded(data)
        answer = self.door.send(Call(method, f"/api/v1{path}", token, body, expected, address=address))
        return answer.json() if answer.body else None

    def set_clock(self, day: date) -> None:
        """Stop the server's clock in the evening of the day."""
        self.ask("PUT", "/dev/clock", {"now": f"{day.isoformat()}T{EVENING}{OFFSET}"})

    def sign_in(self, name: str, address: str = "127.0.0.1") -> str:
        """Return an access token of the person `name`."""
        return self.ask("POST", "/session", {"code": f"dev:{name}"}, expected=201, address=address)["access_token"]

    def open_camp(self) -> dict:
        """Return a fresh `standard-28` camp that is open for joining and starts on day 1."""
        admin = self.sign_in("admin")
        organisation = self.ask("GET", "/organisations", token=admin)["items"][0]["id"]
        camp = self.ask("POST", "/camps", {
            "organisation_id": organisation, "template": "standard-28", "name": "量一量", "starts_on":
            camp_day(1).isoformat()}, token=admin, expected=201)
        return self.ask("POST", f"/camps/{camp['id']}/open", token=admin)

    def open_class(self, camp_id: str, seats: int) -> dict:
        """Return a fresh class of the camp with so many seats."""
        return self.ask("POST", "/classes", {"camp_id": camp_id, "name": "一班", "capacity": seats},
                        token=self.sign_in("admin"), expected=201)

    def join(self, member: int, join_code: str) -> None:
        """Bring a new patient into the class: name, consent and the daily plan."""
        token = self.sign_in(patient_name(member), address_of(member))
        self.ask("PATCH", "/people/me", {"nickname": f"糖友{member:03d}"}, token=token)
        for document in self.ask("GET", "/consents/documents/current", token=token)["items"]:
            if document["purpose"] in ("care", "board"):
                self.ask("POST", "/consents", {"document_id": document["id"], "version": document["version"],
                                               "given_by": "self"}, token=token, expected=201)
        self.ask("POST", "/enrolments", {"join_code": join_code, "board_visible": True, "plan": "daily"}, token=token,
                 expected=201)


def our_camp(door: Door, members: int) -> Camp:
    """Return a new camp with one class of so many members, all signed in, on the evening before day 1."""
    office = Office(door)
    office.set_clock(camp_day(EVE))
    camp = office.open_camp()
    classroom = office.open_class(camp["id"], members)
    for member in range(members):
        office.join(member, classroom["join_code"])
    return returning(door, members, camp["id"], f"/api/v1/leaderboards?class_id={classroom['id']}")


def returning(door: Door, members: int, camp_id: str, board: str) -> Camp:
    """Return the camp of a server that has been filled before, its members signed in again."""
    office = Office(door)
    camp = Camp(door=door, tokens=[], board_path=f"{board}&period=camp&metric=points", camp_id=camp_id)

    def turn_to(day: date) -> None:
        # Tokens live by the stopped clock too: a day later they are over.
        office.set_clock(day)
        camp.tokens[:] = [office.sign_in(patient_name(member), address_of(member)) for member in range(members)]

    camp.turn_to = turn_to
    turn_to(camp_day(EVE))
    return camp
