"""课程: the lessons of a camp."""

from server.api.contract import Word
from server.api.views import Day, Id, Schema, View, Whole, Words, items_of
from server.services import lessons as service

word = Word("lessons", "课程")


class LessonsQuery(Schema):
    """Of which enrolment."""

    enrolment_id = Id(required=True)


class LessonLine(View):
    """A lesson and its camp day."""

    id = Id()
    number = Whole(1, 366)
    day = Day()
    title = Words()
    minutes = Whole(1, 600)


class LessonView(View):
    """A lesson to read."""

    id = Id()
    number = Whole(1, 366)
    title = Words()
    minutes = Whole(1, 600)
    body = Words()


@word.does("GET", "/lessons", asks=LessonsQuery, gives=items_of(LessonLine))
def page(call, query):
    """我的课程表"""
    return service.page(call, query["enrolment_id"])


@word.does("GET", "/lessons/<uuid:lesson_id>", gives=LessonView)
def show(call, lesson_id):
    """读一课"""
    return service.show(call, lesson_id)
