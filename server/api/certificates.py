"""证书: issued, read, checked by anybody, corrected, exported."""

from marshmallow import fields

from server.api.contract import PUBLIC, Word
from server.api.views import Choice, Day, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words, items_of
from server.services import certificates as service

word = Word("certificates", "证书")
FORMATS = ("zip", "xlsx", "csv")
MOST_DAYS = 366


class IssueDraft(Schema):
    """The camp whose certificates are due."""

    camp_id = Id(required=True)


class RevokeDraft(Schema):
    """Why it is revoked."""

    reason = Text(1, 200, required=True, lines=True)


class ReissueDraft(Schema):
    """The name as it should be."""

    name = Text(1, 60, required=True)


class ExportDraft(Schema):
    """What to export, as what, and what for: a camp or one of its classes."""

    camp_id = Id()
    class_id = Id()
    format = Choice(FORMATS, required=True)
    purpose = Text(2, 200, required=True, lines=True)


class IssuedView(View):
    """What was issued now and before, and how many members the clock will still look at."""

    issued = Whole(0, 2**31)
    already = Whole(0, 2**31)
    left = Whole(0, 2**31)


class CertificateView(View):
    """A certificate as its owner sees it."""

    id = Id()
    number = Words()
    person_id = Id()
    enrolment_id = Id()
    camp_id = Id()
    class_id = Id()
    name = Words()
    camp = Words()
    level = Words()
    complete_days = Whole(0, MOST_DAYS)
    camp_days = Whole(1, MOST_DAYS)
    starts_on = Day()
    ends_on = Day()
    issued_on = Day()
    issuer = Words()
    status = Words(metadata={"enum": ["valid", "revoked", "replaced"]})
    replaced_by = Words(allow_none=True)
    check_url = Words()
    version = Whole(1, 2**31)


class CheckedView(View):
    """What anybody may know of a number; `certified` is what the signature covers."""

    status = Words(metadata={"enum": ["valid", "revoked", "replaced", "unknown"]})
    number = Words(allow_none=True)
    name = Words(allow_none=True)
    camp = Words(allow_none=True)
    level = Words(allow_none=True)
    days = Whole(0, MOST_DAYS, allow_none=True)
    issued_on = Day(allow_none=True)
    issuer = Words(allow_none=True)
    replaced_by = Words(allow_none=True)
    certified = fields.Dict(allow_none=True)
    signature = Words(allow_none=True)
    kid = Words(allow_none=True)


class KeysView(View):
    """A JWK set."""

    keys = fields.List(fields.Dict())


class KeyView(View):
    """A JWK."""

    kid = Words()
    x = Words()


class ExportView(View):
    """How far an export is."""

    id = Id()
    status = Words(metadata={"enum": ["waiting", "running", "done", "failed"]})
    done = Whole(0, 2**31)
    total = Whole(0, 2**31)
    format = Choice(FORMATS)
    purpose = Words()
    camp_id = Id()
    class_id = Id(allow_none=True)
    asked_at = Instant()
    expires_at = Instant(allow_none=True)


@word.does("GET", "/certificates", asks=PageOfPerson, gives=items_of(CertificateView), refusals=("cursor_unknown",))
def mine(call, query):
    """我的证书"""
    return service.mine(call, query.get("person_id"), query.get("after"), query["limit"])


@word.does("POST", "/certificates/issue", takes=IssueDraft, gives=IssuedView, refusals=("camp_still_running",))
def issue(call, body):
    """颁发一个训练营的证书（管理员）"""
    return service.issue(call, body["camp_id"])


@word.does("GET", "/certificates/keys", who=PUBLIC, gives=KeysView)
def keys(call):
    """核对签名用的公钥"""
    return service.keys(call)


@word.does("GET", "/certificates/keys/<string:kid>", who=PUBLIC, gives=KeyView, refusals=("not_found",))
def public_key(call, kid):
    """其中一把公钥"""
    return service.public_key(call, kid)


@word.does("GET", "/certificates/check/<string:number>", who=PUBLIC, gives=CheckedView)
def check(call, number):
    """核对一张证书（任何人）"""
    return service.check(call, number)


@word.does("GET", "/certificates/<uuid:certificate_id>.pdf", gives="application/pdf", refusals=("certificate_not_live",))
def pdf(call, certificate_id):
    """证书的 PDF"""
    return service.pdf(call, certificate_id)


@word.does("GET", "/certificates/<uuid:certificate_id>.png", gives="image/png", refusals=("certificate_not_live",))
def png(call, certificate_id):
    """证书的分享图片"""
    return service.png(call, certificate_id)


@word.does("GET", "/certificates/<uuid:certificate_id>.jwt", gives="application/vc+jwt",
           refusals=("certificate_not_live",))
def token(call, certificate_id):
    """证书的 Open Badges 3.0 凭证"""
    return service.token(call, certificate_id)


@word.does("POST", "/certificates/<uuid:certificate_id>/revoke", takes=RevokeDraft, gives=CertificateView,
           door=("certificate", "certificate.revoke"), refusals=("certificate_not_live",))
def revoke(call, certificate_id, body):
    """撤销一张证书（管理员）"""
    return service.revoke(call, certificate_id, body["reason"])


@word.does("POST", "/certificates/<uuid:certificate_id>/reissue", takes=ReissueDraft, gives=CertificateView, status=201,
           door=("certificate", "certificate.reissue"), refusals=("certificate_not_live",))
def reissue(call, certificate_id, body):
    """更正姓名，换发新证书（管理员）"""
    return service.reissue(call, certificate_id, body["name"])


@word.does("POST", "/certificates/exports", takes=ExportDraft, gives=ExportView, status=202, repeatable=True,
           refusals=("export_unnamed",))
def ask_export(call, body):
    """导出一个营或一个班的证书（管理员）"""
    return service.ask_export(call, body)


@word.does("GET", "/certificates/exports/<uuid:export_id>", gives=ExportView)
def show_export(call, export_id):
    """导出进行到哪里了"""
    return service.show_export(call, export_id)


@word.does("GET", "/certificates/exports/<uuid:export_id>/file", gives="application/octet-stream",
           refusals=("export_not_ready", "export_gone"))
def export_file(call, export_id):
    """导出的文件"""
    return service.export_file(call, export_id)
