"""家属: the shapes of family ties. They are asked for under people."""

from marshmallow import fields

from server.api.fields import Several
from server.api.views import Choice, Day, Flag, Id, Instant, Number, Schema, Text, TodayView, View, Whole, Words
from server.domain import family

COUNT = 2**31


class FamilyInviteDraft(Schema):
    """What the relative may see and do; danger alone when it is not said. `person_id` is a dependant's."""

    sees = Several(Choice(family.SEES), most=len(family.SEES), load_default=lambda: list(family.DEFAULT_SEES))
    may_file = Flag(load_default=False)
    person_id = Id()


class FamilyInviteView(View):
    """A code for one relative, told once."""

    code = Words()
    expires_at = Instant()
    sees = fields.List(Words())
    may_file = Flag()


class FamilyJoin(Schema):
    """A code, and what the caller is to the patient (女儿)."""

    code = Text(1, 40, required=True)
    relation = Text(1, 20, required=True)


class FamilyChange(Schema):
    """What the relative may see and do from the next request on."""

    sees = Several(Choice(family.SEES), most=len(family.SEES))
    may_file = Flag()


class TieView(View):
    """A family tie as one of its ends sees it; `nickname` is the other's, `in_force` whether the patient agrees now."""

    id = Id()
    side = Choice(("patient", "relative"))
    person_id = Id()
    relative_id = Id()
    nickname = Words()
    relation = Words()
    sees = fields.List(Words())
    may_file = Flag()
    in_force = Flag()
    created_at = Instant()
    ended_at = Instant(allow_none=True)
    version = Whole(1, COUNT)


class CheerDraft(Schema):
    """A few words, or none."""

    words = Text(1, 60)


class CheerView(View):
    """Whether this cheer counts, as the first of its day, and on how many days the relative has cheered."""

    person_id = Id()
    day = Day()
    counts = Flag()
    days_cheered = Whole(0, COUNT)


class CheeredView(View):
    """A cheer as the patient reads it."""

    id = Id()
    relative_id = Id()
    nickname = Words()
    words = Words(allow_none=True)
    day = Day()
    at = Instant()


class SharedProgressView(View):
    """How far the patient is in the camp, without a value."""

    camp = Words()
    days = Whole(1, 366)
    number = Whole(1, 366, allow_none=True)
    today = fields.Nested(TodayView, allow_none=True)
    current = Whole(0, 366)
    longest = Whole(0, 366)
    complete_days = Whole(0, 366)
    paused = Flag()


class SharedDangerView(View):
    """A danger: when it began and how bad it was at its worst, without a value. `entry_id` is null where words raised it."""

    entry_id = Id(allow_none=True)
    occurred_at = Instant()
    day = Day()
    level = Words()


class SharedReadingView(View):
    """A reading."""

    entry_id = Id()
    occurred_at = Instant()
    day = Day()
    value = fields.Raw()
    unit = Words()
    glucose_mmol_l = Number(allow_none=True)
    slot = Words()
    on_target = Flag(allow_none=True)
    band = Words()


class SharedView(View):
    """What the patient lets a relative see now; what they do not is null. Days are the last 14."""

    person_id = Id()
    nickname = Words()
    sees = fields.List(Words())
    may_file = Flag()
    progress = fields.Nested(SharedProgressView, allow_none=True)
    dangers = fields.List(fields.Nested(SharedDangerView), allow_none=True)
    readings = fields.List(fields.Nested(SharedReadingView), allow_none=True)
    days_cheered = Whole(0, COUNT)
    days_seen = Whole(0, COUNT)
