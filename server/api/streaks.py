"""连续打卡: days with reasons, and make-up cards."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Day, Id, Schema, TodayView, View, Whole, Words
from server.services import streaks as service

word = Word("streaks", "连续打卡")
STATES = ["complete", "made_up", "partial", "missed", "paused", "open", "future", "before_joining"]


class StreakQuery(Schema):
    """Of which enrolment."""

    enrolment_id = Id(required=True)


class MakeupDraft(Schema):
    """The camp day to make up."""

    enrolment_id = Id(required=True)
    day = Day(required=True)


class DayView(View):
    """One camp day, and why it is what it is."""

    day = Day()
    number = Whole(1, 366)
    state = Words(metadata={"enum": STATES})
    why = Words()


class NumberedTodayView(TodayView):
    """Today, as a day of the camp."""

    day = Day()
    number = Whole(1, 366)


class StreakView(View):
    """The run, the sum of complete days, and every camp day."""

    enrolment_id = Id()
    current = Whole(0, 366)
    longest = Whole(0, 366)
    complete_days = Whole(0, 366)
    today = fields.Nested(NumberedTodayView, allow_none=True)
    days = fields.List(fields.Nested(DayView))
    makeup_cards_left = Whole(0, 366)


class MakeupView(StreakView):
    """The days after a make-up."""

    id = Id()


@word.does("GET", "/streaks/me", asks=StreakQuery, gives=StreakView)
def me(call, query):
    """我的打卡日历"""
    return service.mine(call, query["enrolment_id"])


@word.does("POST", "/streaks/makeups", takes=MakeupDraft, gives=MakeupView, status=201,
           refusals=("enrolment_not_active", "day_outside_camp", "makeup_not_needed", "day_open", "makeup_too_late",
                     "makeup_none_left"))
def make_up(call, body):
    """补卡"""
    return service.make_up(call, body["enrolment_id"], body["day"])
