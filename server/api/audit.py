"""审计: the trail."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Id, Instant, Page, Text, View, Whole, Words, items_of
from server.services import audit as service

word = Word("audit", "审计")


class AuditQuery(Page):
    """About whom or what ("camp:<id>" or an id), by whom."""

    about = Text(1, 60)
    actor = Id()


class RecordView(View):
    """One act: ids, a verb, names of fields and a keyed digest; never a value."""

    id = Id()
    number = Whole(1, 2**53)
    at = Instant()
    actor_id = Id(allow_none=True)
    person_id = Id(allow_none=True)
    organisation_id = Id(allow_none=True)
    verb = Words()
    about = Words()
    fields = fields.List(fields.String())
    digest = Words(allow_none=True)
    request_id = Words()


@word.does("GET", "/audit", asks=AuditQuery, gives=items_of(RecordView), refusals=("cursor_unknown",))
def page(call, query):
    """审计记录（管理员）"""
    return service.page(call, query.get("about"), query.get("actor"), query.get("after"), query["limit"])
