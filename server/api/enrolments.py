"""入营: joining, deciding, pausing, changing and leaving."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Choice, Day, Flag, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words, items_of
from server.services import enrolments as service

word = Word("enrolments", "入营")


class JoinDraft(Schema):
    """Joining a class by its code. `screening` answers the camp's questions with true or false."""

    join_code = Text(1, 12, required=True)
    board_visible = Flag(required=True)
    screening = fields.Dict(values=Flag())
    plan = Text(1, 40)
    channel = Text(1, 64)
    person_id = Id()


class PlanDraft(Schema):
    """Another plan of the camp."""

    plan = Text(1, 40, required=True)


class PauseDraft(Schema):
    """Camp days, first to last, and why."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day(required=True)}})
    to = Day(required=True)
    reason = Text(1, 200, required=True, lines=True)


class WithdrawDraft(Schema):
    """Why, if the person wants to say."""

    reason = Text(1, 200, lines=True)


class TransferDraft(Schema):
    """Another class of the same camp."""

    class_id = Id(required=True)


class CloseDraft(Schema):
    """Why staff close an enrolment."""

    reason = Text(1, 200, required=True, lines=True)


class EnrolmentsQuery(PageOfPerson):
    """Own ones, a dependant's, or for staff those of a class or camp."""

    class_id = Id()
    camp_id = Id()
    status = Choice(("applied", "active", "finished", "declined", "withdrawn", "closed"))


class EnrolmentView(View):
    """One person in one class with one plan."""

    id = Id()
    person_id = Id()
    status = Words(metadata={"enum": ["applied", "active", "paused", "finished", "declined", "withdrawn", "closed"]})
    camp_id = Id()
    class_id = Id()
    camp = fields.Dict()
    plan = Words()
    applied_at = Instant()
    joined_at = Instant(allow_none=True)
    joined_day = Day(allow_none=True)
    ended_at = Instant(allow_none=True)
    filed_by = Id()
    pauses = fields.List(fields.Dict())
    version = Whole(1, 2**31)


@word.does("POST", "/enrolments", takes=JoinDraft, gives=EnrolmentView, status=201,
           refusals=("consent_required", "code_unknown", "camp_closed", "plan_unknown", "screening_unknown",
                     "already_enrolled", "class_full"))
def join(call, body):
    """凭班级码入营"""
    return service.join(call, body)


@word.does("GET", "/enrolments", asks=EnrolmentsQuery, gives=items_of(EnrolmentView), refusals=("cursor_unknown",))
def page(call, query):
    """我的入营记录；工作人员可按班级或训练营查看"""
    return service.page(call, query)


@word.does("GET", "/enrolments/<uuid:enrolment_id>", gives=EnrolmentView)
def show(call, enrolment_id):
    """一份入营记录"""
    return service.show(call, enrolment_id)


@word.does("POST", "/enrolments/<uuid:enrolment_id>/approve", gives=EnrolmentView,
           refusals=("enrolment_not_applied", "camp_closed"))
def approve(call, enrolment_id):
    """通过申请"""
    return service.approve(call, enrolment_id)


@word.does("POST", "/enrolments/<uuid:enrolment_id>/decline", gives=EnrolmentView, refusals=("enrolment_not_applied",))
def decline(call, enrolment_id):
    """婉拒申请"""
    return service.decline(call, enrolment_id)


@word.does("PATCH", "/enrolments/<uuid:enrolment_id>/plan", takes=PlanDraft, gives=EnrolmentView,
           door=("enrolment", "enrolment.plan"), refusals=("enrolment_not_active", "plan_unknown"))
def change_plan(call, enrolment_id, body):
    """换打卡方案"""
    return service.change_plan(call, enrolment_id, body["plan"])


@word.does("POST", "/enrolments/<uuid:enrolment_id>/pause", takes=PauseDraft, gives=EnrolmentView,
           door=("enrolment", "enrolment.pause"),
           refusals=("enrolment_not_active", "pause_backwards", "pause_outside_camp", "pause_overlaps",
                     "pause_too_early", "pause_too_long"))
def pause(call, enrolment_id, body):
    """请假"""
    return service.pause(call, enrolment_id, body)


@word.does("POST", "/enrolments/<uuid:enrolment_id>/withdraw", takes=WithdrawDraft, gives=EnrolmentView,
           door=("enrolment", "enrolment.withdraw"), refusals=("enrolment_not_active",))
def withdraw(call, enrolment_id, body):
    """退营"""
    return service.withdraw(call, enrolment_id, body.get("reason"))


@word.does("POST", "/enrolments/<uuid:enrolment_id>/transfer", takes=TransferDraft, gives=EnrolmentView,
           door=("enrolment", "enrolment.transfer"),
           refusals=("enrolment_not_active", "same_class", "class_elsewhere", "class_full"))
def transfer(call, enrolment_id, body):
    """转班"""
    return service.transfer(call, enrolment_id, body["class_id"])


@word.does("POST", "/enrolments/<uuid:enrolment_id>/close", takes=CloseDraft, gives=EnrolmentView,
           door=("enrolment", "enrolment.close"), refusals=("enrolment_not_active",))
def close(call, enrolment_id, body):
    """由工作人员结束"""
    return service.close(call, enrolment_id, body["reason"])
