"""Targets 目标: what a nurse or doctor sets for one person, and what is in force. The operations stand with people."""

from marshmallow import fields

from server.api.fields import Tenth
from server.api.views import Flag, Id, Instant, Number, Schema, Text, View, Whole, Words


class RangeDraft(Schema):
    """A target: from here on, and below that, in mmol/L."""

    from_mmol_l = Tenth("3.9", "13.9", required=True)
    below_mmol_l = Tenth("3.9", "13.9", required=True)


class RangesDraft(Schema):
    """Targets by group of slots; what is not named keeps the default of the person's type."""

    fasting = fields.Nested(RangeDraft)
    before_meal = fields.Nested(RangeDraft)
    after_meal = fields.Nested(RangeDraft)
    after_meal_1h = fields.Nested(RangeDraft)
    bedtime = fields.Nested(RangeDraft)
    night = fields.Nested(RangeDraft)
    random = fields.Nested(RangeDraft)


class LimitsDraft(Schema):
    """Where alerts begin, in mmol/L. They may be tightened and never loosened."""

    critical_low_below = Tenth("0.6", "33.3")
    low_below = Tenth("0.6", "33.3")
    high_from = Tenth("0.6", "33.3")
    critical_high_from = Tenth("0.6", "33.3")


class TargetsDraft(Schema):
    """Everything that is set for one person, whole."""

    ranges = fields.Nested(RangesDraft)
    limits = fields.Nested(LimitsDraft)
    frail = Flag(load_default=False)
    hba1c_below_percent = Tenth("5.5", "10.0")
    note = Text(0, 500, lines=True)


class RangeView(View):
    """The target of a group of slots; without numbers where none is in force."""

    group = Words()
    name = Words()
    from_mmol_l = Number(allow_none=True)
    below_mmol_l = Number(allow_none=True)
    from_mg_dl = Whole(0, 2**31, allow_none=True)
    below_mg_dl = Whole(0, 2**31, allow_none=True)
    text = Words(allow_none=True)
    source = Words(allow_none=True)
    cites = Words(allow_none=True)


class LimitView(View):
    """Where an alert begins."""

    limit = Words()
    name = Words()
    mmol_l = Number()
    mg_dl = Whole(0, 2**31)
    tightened = Flag()


class SetterView(View):
    """Who set the targets."""

    name = Words()
    role = Words()
    role_name = Words()
    credential = Words(allow_none=True)


class TargetsView(View):
    """The targets in force, and where they come from."""

    person_id = Id()
    ranges = fields.List(fields.Nested(RangeView))
    waits = Flag()
    text = Words(allow_none=True)
    limits = fields.List(fields.Nested(LimitView))
    frail = Flag()
    hba1c_below_percent = Number(allow_none=True)
    set_by = fields.Nested(SetterView, allow_none=True)
    set_at = Instant(allow_none=True)
    note = Words(allow_none=True)
