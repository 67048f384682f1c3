"""Who may do what to whom: one table. Absent means no."""

import dataclasses
import uuid
from collections.abc import Iterable

from server.domain.refusals import Refusal

ROLES = ("leader", "assistant", "service", "health_manager", "nurse", "doctor", "admin", "owner")
SCOPES = ("organisation", "camp", "class", "person")

# Two standings that no grant gives: being the person, and being the guardian or carer of the person.
SELF, HOLDER = "self", "holder"
# Two that a family tie in force gives: seeing what the patient set, and filing for the patient where they let it.
RELATIVE, FILER = "relative", "filer"

HEALTH_STAFF = frozenset({"health_manager", "nurse", "doctor"})
STAFF = HEALTH_STAFF | {"assistant", "service", "admin"}
CREDENTIALED = frozenset({"nurse", "doctor"})
OWN = frozenset({SELF, HOLDER})

MAY: dict[str, frozenset[str]] = {
    "organisation.create": frozenset({"owner"}),
    "organisation.read": STAFF | {"owner"},
    "organisation.change": frozenset({"admin"}),
    "organisation.invite": frozenset({"admin"}),
    "role.grant": frozenset({"admin"}),
    "role.revoke": frozenset({"admin"}),
    "person.read": HEALTH_STAFF | OWN,
    "person.read_name": STAFF | OWN,
    "person.search": STAFF,
    "person.change": OWN,
    "family.change": OWN,
    "family.end": OWN | {RELATIVE},
    "family.see": OWN | {RELATIVE},
    "family.cheer": frozenset({RELATIVE}),
    "consent.give": OWN,
    "consent.read": OWN,
    "camp.create": frozenset({"admin"}),
    "camp.change": frozenset({"admin"}),
    "camp.read": STAFF | {"leader", SELF, HOLDER},
    "class.create": frozenset({"admin", "assistant"}),
    "class.read": STAFF | {"leader", SELF, HOLDER},
    "class.members": STAFF | {"leader"},
    "class.join_code": STAFF | {"leader"},
    "enrolment.join": OWN | HEALTH_STAFF | {"assistant"},
    "enrolment.read": STAFF | OWN,
    "enrolment.decide": HEALTH_STAFF,
    "enrolment.plan": HEALTH_STAFF,
    "enrolment.pause": OWN | STAFF,
    "enrolment.pause_long": STAFF,
    "enrolment.withdraw": OWN,
    "enrolment.transfer": STAFF,
    "enrolment.close": STAFF,
    "entry.file": OWN | HEALTH_STAFF | {FILER},
    "entry.read": OWN | HEALTH_STAFF,
    "insights.read": OWN | HEALTH_STAFF,
    "target.read": OWN | HEALTH_STAFF,
    "target.set": CREDENTIALED,
    "measurement.file": OWN | HEALTH_STAFF | {FILER},
    "measurement.read": OWN | HEALTH_STAFF,
    "measurement.change": OWN | HEALTH_STAFF,
    "streak.read": OWN | STAFF,
    "makeup.use": OWN,
    "points.read": OWN | STAFF,
    "points.adjust": frozenset({"admin"}),
    "board.read": STAFF | {"leader", SELF, HOLDER},
    "certificate.read": STAFF | OWN,
    "certificate.issue": frozenset({"admin"}),
    "certificate.revoke": frozenset({"admin"}),
    "certificate.reissue": frozenset({"admin"}),
    "certificate.export": frozenset({"admin"}),
    "reward.read": OWN,
    "reward.change": frozenset({"admin"}),
    "reward.redeem": OWN,
    "reward.settle": frozenset({"admin", "assistant"}),
    "reward.release": OWN | {"admin", "assistant"},
    "spotlight.post": STAFF,
    "spotlight.approve": OWN,
    "spotlight.remove": STAFF | {SELF},
    "purchase.add": OWN,
    "purchase.read": OWN | {"admin", "assistant"},
    "purchase.decide": frozenset({"admin", "assistant"}),
    "message.send": HEALTH_STAFF,
    "message.read": OWN,
    "alert.read": HEALTH_STAFF | OWN | {"admin", RELATIVE},
    "alert.acknowledge": HEALTH_STAFF | {"admin"},
    "lesson.read": STAFF | {"leader", SELF, HOLDER},
    "audit.read": frozenset({"admin"}),
    # What a ticket needs says who may answer it: domain/questions/tickets.py.
    "ticket.urgent": HEALTH_STAFF,
    "ticket.medical": CREDENTIALED,
    "ticket.general": STAFF,
    "question.unanswered": HEALTH_STAFF | {"admin"},
    "topic.read": STAFF,
    "topic.draft": HEALTH_STAFF | {"admin"},
    "topic.publish": CREDENTIALED | {"admin"},
}


@dataclasses.dataclass(frozen=True)
class Grant:
    """One role of one person over one scope. `organisation_id` is None only for an owner of the whole programme."""

    role: str
    scope_type: str
    scope_id: uuid.UUID | None
    organisation_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a thing stands: the chain of scopes from the organisation down, as far as it goes."""

    organisation_id: uuid.UUID | None = None
    camp_id: uuid.UUID | None = None
    class_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None

    def lies_in(self, grant: Grant) -> bool:
        """Whether the grant's scope is one of the scopes above this place."""
        if grant.role == "owner":
            return self.organisation_id is None
        scope_id = {"organisation": self.organisation_id, "camp": self.camp_id, "class": self.class_id,
                    "person": self.person_id}[grant.scope_type]
        return scope_id is not None and scope_id == grant.scope_id


def standings(grants: Iterable[Grant], places: Iterable[Place]) -> set[str]:
    """The roles that these grants give over any of these places."""
    places = tuple(places)
    return {grant.role for grant in grants if any(place.lies_in(grant) for place in places)}


def require(act: str, held: set[str]) -> None:
    """Let the act pass for someone who stands so, or refuse.

    Raises Refusal not_found to somebody who has no business here at all (a stranger must not learn that the thing
    exists) and forbidden to somebody who has, but not this one.
    """
    if held & MAY[act]:
        return
    raise Refusal("forbidden" if held else "not_found")


def check_scope(role: str, scope_type: str) -> None:
    """Refuse a role over a scope that makes no sense. Raises scope_mismatch."""
    allowed = {
        "leader": {"class"},
        "owner": set(),
        "admin": {"organisation"},
    }.get(role, {"organisation", "camp", "class", "person"} if role in HEALTH_STAFF else {"organisation", "camp", "class"})
    if scope_type not in allowed:
        raise Refusal("scope_mismatch")
