"""数据: what a person's own readings say."""

from marshmallow import fields

from server.api.contract import Word
from server.api.targets import RangeView
from server.api.views import Choice, Day, Id, Instant, Number, Schema, View, Whole, WholeInQuery, Words
from server.domain.charts.trend import VIEWS
from server.domain.insights.readings import MOST_DAYS
from server.services import insights as service

word = Word("insights", "数据")
_MOST = 2**31


class Window(Schema):
    """Which days: the last so many, or from one to another; whose, oneself when it is not said."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day()}})
    to = Day()
    days = WholeInQuery(1, MOST_DAYS)
    person_id = Id()


class TrendQuery(Window):
    """Which picture: the last of these days, all of them, or one day made of all of them."""

    view = Choice(VIEWS, load_default="days")


def _figure() -> fields.Float:
    """A figure that is null where there is too little to tell it."""
    return Number(allow_none=True)


class ReasonView(View):
    """Why a figure is null."""

    code = Words()
    needed = Whole(0, _MOST, allow_none=True)
    have = Whole(0, _MOST, allow_none=True)
    text = Words()


class PairFigures(View):
    """How many pairs of before and after a meal, and what the meal did."""

    n = Whole(0, _MOST)
    mean_delta_mmol_l = _figure()
    notable_rises = Whole(0, _MOST)
    falls = Whole(0, _MOST)


class MealPairs(PairFigures):
    """The pairs of one meal."""

    meal = Words()


class PairsView(PairFigures):
    """All pairs, and those of each meal."""

    by_meal = fields.List(fields.Nested(MealPairs))


class SlotView(View):
    """What was read in one slot."""

    slot = Words()
    n = Whole(0, _MOST)
    mean_mmol_l = _figure()
    lowest_mmol_l = _figure()
    highest_mmol_l = _figure()
    in_target = Whole(0, _MOST)
    judged = Whole(0, _MOST)


class LowView(View):
    """A reading below 3.9 mmol/L (70 mg/dL), as typed."""

    entry_id = Id()
    occurred_at = Instant()
    day = Day()
    slot = Words()
    value = fields.Raw(metadata={"type": ["number", "string"]})
    unit = Words()


class BeyondMeterView(View):
    """How often the meter showed no number."""

    hi = Whole(0, _MOST)
    lo = Whole(0, _MOST)


_REASONS = fields.Dict(keys=Words(), values=fields.Nested(ReasonView))


class SensorView(View):
    """What a sensor's trace says: shares are shares of time."""

    Meta = type("Meta", (View.Meta,), {"include": {"from": Day(required=True)}})
    to = Day()
    readings = Whole(0, _MOST)
    days_with_readings = Whole(0, _MOST)
    active_percent = Number()
    mean_mmol_l = _figure()
    mean_mg_dl = _figure()
    cv_percent = _figure()
    time_in_range_percent = _figure()
    time_low_percent = _figure()
    time_very_low_percent = _figure()
    time_high_percent = _figure()
    time_very_high_percent = _figure()
    gmi_percent = _figure()
    gri = _figure()
    mage_mmol_l = _figure()
    mage_mg_dl = _figure()
    reasons = _REASONS


class InsightView(View):
    """What the finger-sticks of these days say, and what a sensor adds. A null has its reason under its name."""

    Meta = type("Meta", (View.Meta,), {"include": {"from": Day(required=True)}})
    person_id = Id()
    to = Day()
    readings = Whole(0, _MOST)
    days_with_readings = Whole(0, _MOST)
    mean_mmol_l = _figure()
    mean_mg_dl = _figure()
    sd_mmol_l = _figure()
    sd_mg_dl = _figure()
    cv_percent = _figure()
    lbgi = _figure()
    hbgi = _figure()
    ea1c_percent = _figure()
    judged = Whole(0, _MOST)
    in_target_percent = _figure()
    in_range_percent = _figure()
    low_percent = _figure()
    very_low_percent = _figure()
    high_percent = _figure()
    very_high_percent = _figure()
    beyond_meter = fields.Nested(BeyondMeterView)
    pairs = fields.Nested(PairsView)
    slots = fields.List(fields.Nested(SlotView))
    lows = fields.List(fields.Nested(LowView))
    sensor = fields.Nested(SensorView, allow_none=True)
    targets = fields.List(fields.Nested(RangeView))
    reasons = _REASONS
    caveats = fields.List(Words())


@word.does("GET", "/insights/me", asks=Window, gives=InsightView, refusals=("window_backwards", "window_too_long"))
def me(call, query):
    """我的数据：达标、餐前餐后、波动与风险"""
    return service.show(call, query)


@word.does("GET", "/insights/me/trend.svg", asks=TrendQuery, gives="image/svg+xml",
           refusals=("window_backwards", "window_too_long"))
def trend(call, query):
    """血糖趋势图：一天、若干天、一天里的规律"""
    return service.trend(call, query)


@word.does("GET", "/insights/me/report.pdf", asks=Window, gives="application/pdf",
           refusals=("window_backwards", "window_too_long"))
def report(call, query):
    """给医生看的一页纸（A4）"""
    return service.report(call, query)
