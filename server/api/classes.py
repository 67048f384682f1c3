"""班级: classes, join codes and members."""

from flask import request
from marshmallow import fields

from server.api.contract import PUBLIC, Word
from server.api.views import Flag, Id, Page, Schema, Text, View, Whole, Words, items_of, map_of
from server.services import classes as service

word = Word("classes", "班级")


class ClassDraft(Schema):
    """A class of a camp."""

    camp_id = Id(required=True)
    name = Text(1, 60, required=True)
    capacity = Whole(1, 100_000, required=True)


class ClassView(View):
    """A class; `join_code` only for who runs it."""

    id = Id()
    camp_id = Id()
    name = Words()
    capacity = Whole(1, 100_000)
    seats_taken = Whole(0, 100_000)
    version = Whole(1, 2**31)


class ClassesQuery(Page):
    """The classes of which camp."""

    camp_id = Id(required=True)


class ByCodeView(View):
    """What anyone with the code may see."""

    camp = fields.Dict()
    takes_members = Flag()


class MemberView(View):
    """One member as leader and staff see them; health staff also get `last_reading`."""

    enrolment_id = Id()
    person_id = Id()
    nickname = Words()
    done = map_of("integer")
    required = map_of("integer")
    complete_today = Flag()
    streak = Whole(0, 366)
    complete_days = Whole(0, 366)
    points = Whole(-(2**31), 2**31)
    paused = Flag()


@word.does("POST", "/classes", takes=ClassDraft, gives=ClassView, status=201, refusals=("camp_archived", "already_exists"))
def create(call, body):
    """新建班级"""
    return service.create(call, body)


@word.does("GET", "/classes", asks=ClassesQuery, gives=items_of(ClassView), refusals=("cursor_unknown",))
def page(call, query):
    """训练营的班级"""
    return service.page(call, query["camp_id"], query.get("after"), query["limit"])


@word.does("GET", "/classes/<uuid:class_id>", gives=ClassView)
def show(call, class_id):
    """一个班级"""
    return service.show(call, class_id)


@word.does("GET", "/classes/by-code/<string(maxlength=12):code>", who=PUBLIC, gives=ByCodeView, refusals=("not_found",))
def by_code(call, code):
    """凭班级码看训练营和日期"""
    return service.by_code(call, code)


@word.does("GET", "/classes/<uuid:class_id>/join-qr.png", gives="image/png")
def join_qr(call, class_id):
    """入班二维码"""
    return service.join_qr(call, class_id, f"{request.host_url}api/v1/")


@word.does("POST", "/classes/<uuid:class_id>/join-code", gives=ClassView)
def renew_join_code(call, class_id):
    """换一个班级码"""
    return service.renew_join_code(call, class_id)


@word.does("GET", "/classes/<uuid:class_id>/members", asks=Page, gives=items_of(MemberView),
           door=("class", "class.members"), refusals=("cursor_unknown",))
def members(call, class_id, query):
    """班级成员和今天的打卡"""
    return service.members(call, class_id, query.get("after"), query["limit"])
