"""排行榜: boards by effort."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Choice, Day, Flag, Id, Number, Page, Schema, View, Whole, Words
from server.domain.leaderboards import METRICS, PERIODS
from server.services import leaderboards as service

word = Word("leaderboards", "排行榜")


class ClassesQuery(Schema):
    """Which camp's classes, over which period, by what."""

    camp_id = Id(required=True)
    period = Choice(PERIODS, load_default="camp")
    day = Day()
    metric = Choice(METRICS, load_default="points")


class BoardQuery(Page):
    """A class or a camp, over which period, by what; `around=me` opens the board where one stands."""

    class_id = Id()
    camp_id = Id()
    period = Choice(PERIODS, load_default="camp")
    day = Day()
    metric = Choice(METRICS, load_default="points")
    around = Choice(("me",))


class PlaceView(View):
    """One place on a board."""

    rank = Whole(1, 2**31)
    name = Words()
    score = Whole(-(2**31), 2**31)
    is_me = Flag()


class OwnPlaceView(View):
    """The caller's own place."""

    rank = Whole(1, 2**31)
    score = Whole(-(2**31), 2**31)


class ClassPlaceView(View):
    """One class against the others: the mean of its members."""

    rank = Whole(1, 2**31)
    class_id = Id()
    name = Words()
    score = Number()
    members = Whole(0, 2**31)
    is_mine = Flag()


class BoardView(View):
    """A page of a board."""

    rule = fields.Dict()
    period = fields.Dict()
    metric = Words()
    total = Whole(0, 2**31)
    items = fields.List(fields.Nested(PlaceView))
    me = fields.Nested(OwnPlaceView, allow_none=True)
    next = Words(allow_none=True)


class ClassBoardView(View):
    """All classes of a camp."""

    rule = fields.Dict()
    period = fields.Dict()
    metric = Words()
    items = fields.List(fields.Nested(ClassPlaceView))
    next = Words(allow_none=True)


@word.does("GET", "/leaderboards", asks=BoardQuery, gives=BoardView,
           refusals=("board_unnamed", "day_outside_camp", "cursor_unknown"))
def show(call, query):
    """班级榜或全营榜"""
    return service.show(call, query)


@word.does("GET", "/leaderboards/classes", asks=ClassesQuery, gives=ClassBoardView, refusals=("day_outside_camp",))
def classes(call, query):
    """班级对抗榜"""
    return service.classes(call, query)
