"""Who may do what to whom: absent means no, and a leader never reads a value."""

import uuid

import pytest

from server.domain.access import (
    CREDENTIALED,
    FILER,
    HEALTH_STAFF,
    HOLDER,
    MAY,
    RELATIVE,
    ROLES,
    SELF,
    STAFF,
    Grant,
    Place,
    check_scope,
    require,
    standings,
)
from server.domain.refusals import Refusal

HOSPITAL, OTHER_HOSPITAL, CAMP, CLASS, PERSON = (uuid.UUID(int=number) for number in range(1, 6))
HEALTH = {"health_manager", "nurse", "doctor"}
ALL_STAFF = HEALTH | {"assistant", "service", "admin"}
OWN = {SELF, HOLDER}
# Acts that show a reading, a profile with its illness, or let one be written.
OF_HEALTH = ("entry.read", "entry.file", "person.read")


@pytest.mark.parametrize(("act", "may"), [
    # Only health staff read health values, and who they belong to.
    ("entry.read", HEALTH | OWN),
    ("person.read", HEALTH | OWN),
    ("enrolment.decide", HEALTH),
    ("enrolment.plan", HEALTH),
    ("enrolment.transfer", ALL_STAFF),
    ("enrolment.close", ALL_STAFF),
    # Staff pause any length, for the hospital; a person their own few days.
    ("enrolment.pause", ALL_STAFF | OWN),
    ("enrolment.pause_long", ALL_STAFF),
    # A leader and staff see names, states and counts of a class.
    ("class.members", ALL_STAFF | {"leader"}),
    ("organisation.create", {"owner"}),
    ("camp.create", {"admin"}),
    ("camp.change", {"admin"}),
    ("role.grant", {"admin"}),
    ("role.revoke", {"admin"}),
    ("points.adjust", {"admin"}),
    ("audit.read", {"admin"}),
    # Nobody agrees, spends a card or leaves for another.
    ("consent.give", OWN),
    ("makeup.use", OWN),
    ("person.change", OWN),
    # A relative looks and cheers; what they see is the patient's to set, and either may leave.
    ("family.change", OWN),
    ("family.see", OWN | {"relative"}),
    ("family.cheer", {"relative"}),
    ("family.end", OWN | {"relative"}),
    ("entry.file", HEALTH | OWN | {"filer"}),
])
def test_an_act_is_open_to_these_and_closed_to_all_others(act, may):
    for role in {*ROLES, SELF, HOLDER, RELATIVE, FILER}:
        if role in may:
            assert require(act, {role}) is None
        else:
            with pytest.raises(Refusal, match="forbidden"):
                require(act, {role})


@pytest.mark.parametrize("act", MAY)
def test_a_stranger_does_not_even_learn_that_it_exists(act):
    with pytest.raises(Refusal, match="not_found"):
        require(act, set())


@pytest.mark.parametrize("act", MAY)
def test_what_nobody_is_named_for_nobody_may_do(act):
    assert MAY[act]
    assert MAY[act] <= {*ROLES, SELF, HOLDER, RELATIVE, FILER}
    with pytest.raises(Refusal, match="forbidden"):
        require(act, {"visitor"})


def test_an_act_that_is_in_no_row_passes_for_nobody():
    with pytest.raises(KeyError):
        require("entry.publish", {*ROLES, SELF, HOLDER, RELATIVE, FILER})


@pytest.mark.parametrize("role", ["leader", "assistant", "service", "admin", "owner"])
@pytest.mark.parametrize("act", OF_HEALTH)
def test_who_is_no_health_staff_never_reads_a_value(role, act):
    with pytest.raises(Refusal, match="forbidden"):
        require(act, {role})


def test_several_standings_may_what_any_of_them_may():
    assert require("entry.read", {"leader", SELF}) is None
    with pytest.raises(Refusal, match="forbidden"):
        require("entry.read", {"leader", "assistant"})


def test_a_leader_is_not_staff_and_only_nurses_and_doctors_show_a_credential():
    assert STAFF == ALL_STAFF
    assert HEALTH_STAFF == HEALTH
    assert sorted(CREDENTIALED) == ["doctor", "nurse"]


AT_CLASS = Place(HOSPITAL, CAMP, CLASS, PERSON)


@pytest.mark.parametrize(("scope_type", "scope_id", "place", "lies_in"), [
    ("organisation", HOSPITAL, AT_CLASS, True),
    ("camp", CAMP, AT_CLASS, True),
    ("class", CLASS, AT_CLASS, True),
    ("person", PERSON, AT_CLASS, True),
    ("organisation", OTHER_HOSPITAL, AT_CLASS, False),
    ("class", uuid.UUID(int=99), AT_CLASS, False),
    # A grant reaches down and never up.
    ("class", CLASS, Place(HOSPITAL, CAMP), False),
    ("camp", CAMP, Place(HOSPITAL), False),
    ("person", PERSON, Place(HOSPITAL, CAMP, CLASS), False),
    # An id alone is no key: it must be of the same kind of scope.
    ("camp", CLASS, AT_CLASS, False),
    ("organisation", HOSPITAL, Place(), False),
    # Nowhere does not lie in nowhere.
    ("camp", None, Place(HOSPITAL), False),
])
def test_a_grant_reaches_what_lies_in_its_scope(scope_type, scope_id, place, lies_in):
    assert place.lies_in(Grant("nurse", scope_type, scope_id, HOSPITAL)) is lies_in


def test_an_owner_of_the_programme_reaches_into_no_organisation():
    owner = Grant("owner", "organisation", None, None)
    assert Place().lies_in(owner)
    assert not AT_CLASS.lies_in(owner)


def test_one_stands_with_every_role_that_reaches_any_of_the_places():
    grants = [Grant("leader", "class", CLASS, HOSPITAL), Grant("doctor", "person", PERSON, HOSPITAL),
              Grant("admin", "organisation", OTHER_HOSPITAL, OTHER_HOSPITAL)]
    assert standings(grants, [AT_CLASS]) == {"leader", "doctor"}
    assert standings(grants, [Place(HOSPITAL), Place(OTHER_HOSPITAL)]) == {"admin"}
    assert standings(grants, []) == standings([], [AT_CLASS]) == set()


@pytest.mark.parametrize(("role", "scope_type"), [
    ("leader", "class"), ("admin", "organisation"), ("assistant", "organisation"), ("service", "class"),
    ("health_manager", "camp"), ("nurse", "person"), ("doctor", "person"), ("doctor", "organisation")])
def test_a_role_is_given_where_it_makes_sense(role, scope_type):
    assert check_scope(role, scope_type) is None


@pytest.mark.parametrize(("role", "scope_type"), [
    # A leader runs one class; an admin one organisation.
    ("leader", "organisation"), ("leader", "camp"), ("leader", "person"),
    ("admin", "camp"), ("admin", "class"), ("admin", "person"),
    ("owner", "organisation"), ("doctor", "planet"),
])
def test_a_role_is_not_given_where_it_makes_none(role, scope_type):
    with pytest.raises(Refusal, match="scope_mismatch"):
        check_scope(role, scope_type)
