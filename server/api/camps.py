"""训练营: templates, and camps from draft to archive."""

from marshmallow import fields

from server.api.contract import Word
from server.api.fields import Anything
from server.api.views import Day, Id, Page, Schema, Text, View, Whole, Words, items_of
from server.services import camps as service

word = Word("camps", "训练营")


class CampDraft(Schema):
    """A camp from a template; `rules` changes the template's by JSON Merge Patch (RFC 7396)."""

    organisation_id = Id(required=True)
    template = Text(1, 40, required=True)
    name = Text(1, 60, required=True)
    starts_on = Day(required=True)
    timezone = Text(1, 64)
    rules = Anything(metadata={"type": "object"})


class CampChanges(Schema):
    """What of a camp to change; days, zone and rules only before it runs."""

    name = Text(1, 60)
    starts_on = Day()
    timezone = Text(1, 64)
    rules = Anything(metadata={"type": "object"})


class TemplateView(View):
    """A template with all its rules."""

    name = Words()
    title = Words()
    about = Words()
    days = Whole(1, 366)
    rules = fields.Dict()
    screening = fields.List(fields.Dict())
    lessons = fields.List(fields.Dict())


class CampView(View):
    """A camp with the rules it publishes; its status follows the clock."""

    id = Id()
    organisation_id = Id()
    template = Words()
    name = Words()
    status = Words(metadata={"enum": ["draft", "enrolling", "running", "finished", "archived"]})
    starts_on = Day()
    ends_on = Day()
    days = Whole(1, 366)
    timezone = Words()
    rules = fields.Dict()
    rules_version = Whole(1, 2**31)
    screening = fields.List(fields.Dict())
    version = Whole(1, 2**31)


@word.does("GET", "/camps/templates", gives=items_of(TemplateView))
def templates(call):
    """训练营模板"""
    return service.templates(call)


@word.does("POST", "/camps", takes=CampDraft, gives=CampView, status=201,
           refusals=("template_unknown", "timezone_unknown", "rules_invalid"))
def create(call, body):
    """新建训练营"""
    return service.create(call, body)


@word.does("PATCH", "/camps/<uuid:camp_id>", takes=CampChanges, gives=CampView, door=("camp", "camp.change"),
           refusals=("camp_frozen", "camp_archived", "plan_in_use", "rules_invalid", "timezone_unknown"))
def change(call, camp_id, body):
    """修改训练营"""
    return service.change(call, camp_id, body)


@word.does("POST", "/camps/<uuid:camp_id>/open", gives=CampView,
           refusals=("camp_not_draft", "camp_in_past", "nobody_on_duty"))
def open_camp(call, camp_id):
    """开放报名"""
    return service.open_camp(call, camp_id)


@word.does("POST", "/camps/<uuid:camp_id>/archive", gives=CampView,
           refusals=("camp_not_finished", "camp_archived", "alerts_open", "tickets_open"))
def archive(call, camp_id):
    """归档"""
    return service.archive(call, camp_id)


@word.does("GET", "/camps", asks=Page, gives=items_of(CampView), refusals=("cursor_unknown",))
def page(call, query):
    """我能看到的训练营"""
    return service.page(call, query.get("after"), query["limit"])


@word.does("GET", "/camps/<uuid:camp_id>", gives=CampView)
def show(call, camp_id):
    """一个训练营"""
    return service.show(call, camp_id)
