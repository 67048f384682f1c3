"""Every way a rule says no. A code never changes once released; only api/problems.py knows what HTTP makes of it."""

import dataclasses
from typing import Any, Self


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a refusal says: its kind (which HTTP later turns into a status) and a sentence for each language."""

    kind: str
    chinese: str
    english: str


REFUSALS: dict[str, Meaning] = {
    # Who are you?
    "unauthenticated": Meaning("unauthenticated", "请先登录。", "Please sign in."),
    "token_expired": Meaning("unauthenticated", "登录已过期，请重新登录。", "Your sign-in has expired."),
    "token_reused": Meaning("unauthenticated", "这份登录已被使用过，为了安全请重新登录。",
                            "This refresh token was used before; the sign-in is closed."),
    "code_refused": Meaning("unauthenticated", "微信没有认出这次登录，请再试一次。", "WeChat refused this code."),
    # Can the request be read at all?
    "not_json": Meaning("malformed", "没有看懂发来的内容，请检查格式。", "The body is not JSON."),
    "body_too_large": Meaning("too_large", "内容太大了，请减少一些再发。", "The body is too large."),
    "unsupported_media_type": Meaning("media_type", "请用 JSON 发送。", "Send JSON."),
    # Is it yours?
    "not_found": Meaning("not_found", "没有找到。", "Not found."),
    "forbidden": Meaning("forbidden", "您没有这项权限。", "You may not do this."),
    "consent_required": Meaning("forbidden", "需要先同意《健康数据知情同意书》，才能记录健康数据。",
                                "Consent to care is needed first."),
    "method_not_allowed": Meaning("method", "这里不能这样操作。", "Method not allowed."),
    # Has it the right shape?
    "invalid": Meaning("shape", "有几项填得不对，请看提示改一改。", "Some fields are not right."),
    "glucose_implausible": Meaning("shape", "{question}", "{question}"),
    # Has it changed meanwhile?
    "stale": Meaning("stale", "这条内容刚被改过，请刷新后再试。", "It has changed meanwhile; fetch it again."),
    "idempotency_key_reused": Meaning("conflict", "这个重试编号已用于另一件事，请换一个。",
                                      "This Idempotency-Key was used for another body."),
    "already_exists": Meaning("conflict", "已经有了，不用重复。", "It exists already."),
    # People and consents
    "phone_taken": Meaning("conflict", "这个手机号已绑定另一位用户，请联系工作人员。", "The phone belongs to someone else."),
    "guardian_needed": Meaning("conflict", "未满 14 岁，需要监护人代为同意。", "Under 14 a guardian consents."),
    "guardian_name_needed": Meaning("conflict", "请填写监护人姓名。", "Give the guardian's name."),
    "document_outdated": Meaning("conflict", "知情同意书有了新版本，请看过新版后再同意。", "The document has a newer version."),
    "birth_in_future": Meaning("conflict", "出生日期不能在今天之后。", "A birth date cannot lie in the future."),
    "too_many_dependants": Meaning("conflict", "一个人最多代管 {most} 位家人。", "At most {most} dependants."),
    # Family
    "family_consent_required": Meaning("forbidden", "需要先同意“让家里人看到您选的内容”，再邀请家人。",
                                       "Consent to sharing with family is needed first."),
    "family_of_oneself": Meaning("conflict", "这是您自己的邀请码，请发给家人。",
                                 "This is your own invite; send it to a relative."),
    "too_many_ties": Meaning("conflict", "最多绑定 {most} 位家人，请先解除一位。", "At most {most} relatives; end one first."),
    # Roles
    "code_unknown": Meaning("conflict", "没有这个码，请核对后再输入。", "No such code."),
    "code_expired": Meaning("conflict", "这个码已过期，请对方再发一个。", "The code has expired."),
    "code_used": Meaning("conflict", "这个码已经用过了。", "The code was used."),
    "scope_mismatch": Meaning("conflict", "这个角色不能给在这里。", "This role cannot be given there."),
    "credential_needed": Meaning("conflict", "护士和医生需要填写执业证书编号。", "Nurses and doctors need a credential."),
    "not_staff": Meaning("conflict", "值班名单里只能是本机构的工作人员，请先给对方一个角色。",
                         "Only staff of this organisation stand on its list of duty."),
    "last_admin": Meaning("conflict", "这是机构最后一位管理员，请先指定另一位。", "The last admin cannot be removed."),
    # Camps and classes
    "template_unknown": Meaning("conflict", "没有这个训练营模板。", "No such camp template."),
    "hours_invalid": Meaning("conflict", "服务时间要先开始后结束，星期不要重复。", "Service hours begin before they end."),
    "timezone_unknown": Meaning("conflict", "没有这个时区。", "No such time zone."),
    "rules_invalid": Meaning("conflict", "训练营规则有问题：{problem}", "The rules are not right: {problem}"),
    "camp_frozen": Meaning("conflict", "训练营已经开始，规则不能再改。", "The camp is running; its rules are frozen."),
    "camp_not_draft": Meaning("conflict", "训练营已经开放过了。", "The camp is open already."),
    "camp_in_past": Meaning("conflict", "训练营的日期已经过去，请改日期。", "The camp's dates lie in the past."),
    "plan_in_use": Meaning("conflict", "有人正在用这个打卡方案，不能去掉。", "Somebody uses this plan."),
    "camp_not_finished": Meaning("conflict", "训练营还没结束，不能归档。", "The camp has not finished."),
    "camp_archived": Meaning("conflict", "训练营已归档，不能再改。", "The camp is archived."),
    "alerts_open": Meaning("conflict", "还有没人处理的预警，请先处理再归档。", "Some alerts are not taken up yet."),
    "camp_closed": Meaning("conflict", "训练营现在不能报名。", "The camp does not take applications now."),
    "nobody_on_duty": Meaning("conflict", "还没有健康管理师值守，不能开营。", "No health manager is on duty."),
    "class_full": Meaning("conflict", "班级已满，请换一个班。", "The class is full."),
    # Enrolments
    "already_enrolled": Meaning("conflict", "已经在一个训练营里了。", "Already enrolled."),
    "plan_unknown": Meaning("conflict", "这个训练营没有这个打卡方案。", "The camp has no such plan."),
    "screening_unknown": Meaning("conflict", "没有这个筛查问题：{question}", "No such screening question: {question}"),
    "enrolment_not_applied": Meaning("conflict", "这份申请已经处理过了。", "The application has been decided."),
    "enrolment_not_active": Meaning("conflict", "现在不在营中，不能这样操作。", "The enrolment is not active."),
    "class_elsewhere": Meaning("conflict", "只能转到同一个训练营的班级。", "Only a class of the same camp will do."),
    "same_class": Meaning("conflict", "已经在这个班里了。", "Already in this class."),
    "pause_backwards": Meaning("conflict", "请假的结束日期不能早于开始日期。", "The pause ends before it begins."),
    "pause_outside_camp": Meaning("conflict", "请假的日期要在训练营之内。", "The pause lies outside the camp."),
    "pause_too_early": Meaning("conflict", "最多只能补请前 {days} 天的假。", "A pause may begin at most {days} days back."),
    "pause_too_long": Meaning("conflict", "自己请假一共最多 {days} 天，需要更久请联系工作人员。",
                              "At most {days} days of pause by oneself."),
    "pause_overlaps": Meaning("conflict", "这几天已经请过假了。", "These days are paused already."),
    # Entries
    "entry_conflict": Meaning("conflict", "这条记录的编号已被另一条记录使用。", "This id belongs to another entry."),
    "entry_gone": Meaning("gone", "这条记录已经删除。", "The entry was deleted."),
    "entry_in_future": Meaning("conflict", "记录的时间还没到，请检查时间。", "The entry lies in the future."),
    "entry_too_old": Meaning("conflict", "记录的时间太早，请检查日期。", "The entry lies too far back."),
    "lesson_unknown": Meaning("conflict", "没有这节课。", "No such lesson."),
    "entry_incomplete": Meaning("conflict", "改完之后这条记录不完整，请检查。", "The change leaves the entry incomplete."),
    "field_of_other_kind": Meaning("conflict", "这种记录没有这一项：{field}", "This kind has no such field: {field}"),
    "kind_fixed": Meaning("conflict", "记录的种类不能改，请删除后重新记录。", "The kind of an entry cannot change."),
    # Targets and measurements
    "target_unsafe": Meaning("conflict", "{name}的目标要在 {least}到 {most}之间，上下至少差 1.0 mmol/L（18 mg/dL）。",
                             "A target ({name}) lies between {least} and {most} and is at least 1.0 mmol/L wide."),
    "limit_loosened": Meaning("conflict", "预警线只能收紧，不能放宽或关掉：{name}要在 {least}到 {most}之间。",
                              "An alert limit ({name}) may be tightened, never loosened: {least} to {most}."),
    "measured_in_future": Meaning("conflict", "检查的日期还没到，请检查日期。", "The measurement lies in the future."),
    "measurement_incomplete": Meaning("conflict", "请至少填写一项结果。", "Give at least one result."),
    "measurement_implausible": Meaning("conflict", "结果对不上，请再看一眼报告：{problem}",
                                       "The results contradict each other: {problem}"),
    # Photos
    "photo_unreadable": Meaning("media_type", "没有认出这张照片，请换一张 JPEG、PNG、WebP 或 HEIC 照片。",
                                "This is no whole JPEG, PNG, WebP or HEIC picture."),
    "photo_animated": Meaning("media_type", "请换一张不会动的照片。", "Animated pictures are not taken."),
    "photo_size": Meaning("media_type", "这张照片的尺寸不合适，请换一张，或缩小一些再发。",
                          "The picture is too small, or has too many pixels."),
    "photos_full": Meaning("conflict", "照片已经存满 {most} 张，请先删掉一些旧的记录。",
                           "{most} photos are kept already; delete some old entries first."),
    # Files of meters
    "file_unreadable": Meaning("media_type", "没有读懂这个文件，请用血糖仪软件导出的 CSV 文件。",
                               "This is no readable CSV file in UTF-8, UTF-16 or GB18030."),
    "columns_unknown": Meaning("media_type", "没有找到时间和血糖值的列，请告诉我们列名。",
                               "No known layout; name the columns of time and value."),
    "import_too_long": Meaning("too_large", "一次最多导入 {most} 条，请分几个文件来。",
                               "At most {most} readings at once; split the file."),
    "photo_unknown": Meaning("conflict", "没有找到这张照片，请重新拍一张再发。",
                             "No such photo is waiting for an entry; send it again."),
    # Streaks and points
    "makeup_none_left": Meaning("conflict", "补卡次数已用完。", "No make-up card is left."),
    "makeup_too_late": Meaning("conflict", "已经过了可以补卡的时间。", "It is too late to make up this day."),
    "makeup_not_needed": Meaning("conflict", "这一天不用补卡。", "This day needs no make-up card."),
    "day_open": Meaning("conflict", "这一天还没结束，可以直接打卡。", "The day is still open; just check in."),
    "day_outside_camp": Meaning("conflict", "这一天不在训练营之内。", "The day lies outside the camp."),
    "adjustment_zero": Meaning("conflict", "调整的积分不能是 0。", "An adjustment of zero changes nothing."),
    # Rewards and purchases
    "organisation_unnamed": Meaning("conflict", "请说明是哪个机构。", "Name the organisation."),
    "reward_medicine": Meaning("conflict", "药品不能作为奖励。", "A medicine cannot be a reward."),
    "doctor_not_scored": Meaning("conflict", "对医生的感谢不按积分、也不分阶段。",
                                 "A doctor's recognition has no points and no stage."),
    "doctor_agreement_needed": Meaning("conflict", "没有备案的书面协议，对医生只能致谢或颁发证书。",
                                       "Without a written agreement a doctor is thanked or given a certificate."),
    "reward_not_for_you": Meaning("conflict", "这份奖励不是给您这个角色的。", "This reward is for others."),
    "stage_not_reached": Meaning("conflict", "还没有到这份奖励的阶段，继续加油。", "Its stage has not been reached yet."),
    "points_expired": Meaning("conflict", "积分在结营 180 天后就不能兑换了。",
                              "Points can be spent until 180 days after the camp."),
    "out_of_stock": Meaning("conflict", "这份奖励暂时没有了，看看别的吧。", "It is out of stock."),
    "not_enough_points": Meaning("conflict", "可用的积分不够。", "Not enough points."),
    "redemption_not_held": Meaning("conflict", "这次兑换已经处理过，或者已经过期。", "The redemption is no longer held."),
    "story_consent_required": Meaning("forbidden", "需要本人先同意公开故事，才能表扬。",
                                      "The patient has not agreed to a public story."),
    "story_unfit": Meaning("conflict", "公开的表扬里不能有血糖等数值、产品，或“逆转”“治愈”这样的说法，请改一改。",
                           "Public praise carries no reading, product or claim."),
    "purchase_day": Meaning("conflict", "购买日期要在最近 {days} 天之内，不能是以后。", "Bought within the last {days} days."),
    "purchase_decided": Meaning("conflict", "这次购买已经处理过了。", "The purchase has been decided."),
    # Certificates
    "camp_still_running": Meaning("conflict", "训练营还没结束，证书在最后一天截止之后颁发。", "The camp is still running."),
    "certificate_not_live": Meaning("conflict", "这张证书已撤销或换发，请看新证书。", "This certificate is no longer in force."),
    "export_unnamed": Meaning("conflict", "请说明导出哪个营或哪个班。", "Name a camp or a class, not both."),
    "export_not_ready": Meaning("conflict", "文件还没有做好，请稍后再来取。", "The file is not ready yet."),
    "export_gone": Meaning("gone", "文件只保留 24 小时，请重新导出。", "The file was kept for 24 hours; export again."),
    # Questions
    "ticket_taken": Meaning("conflict", "这条提问已有同事在回答。", "A colleague is answering this question."),
    "ticket_closed": Meaning("conflict", "这次咨询已经结束，要继续请先重新打开。", "The ticket is closed; reopen it first."),
    "reply_names_dose": Meaning("conflict", "回复提到了用药的量或加减停换，没有互联网医院资质不能发；请建议对方联系医生。",
                                "The reply speaks of a dose, which needs an internet-hospital licence."),
    "ticket_about_body": Meaning("conflict", "这条提问说到了身体或用药，只能由护士或医生看。",
                                 "It is about the body: only a nurse or doctor may see it."),
    "question_not_urgent": Meaning("conflict", "这条提问没有被当作紧急情况。", "The question was not taken for an emergency."),
    "topic_step": Meaning("conflict", "主题现在的状态走不到那里，请看 status。", "A topic cannot go there from its status."),
    "topic_incomplete": Meaning("conflict", "发布之前，请写好问题和至少 10 个字的回答。",
                                "A topic needs its question and an answer."),
    "topic_names_dose": Meaning("conflict", "知识库的回答不能提到用药的量或加减停换。", "An answer never speaks of a dose."),
    "tickets_open": Meaning("conflict", "还有 {count} 条提问没有结束，请先回答并关闭，再归档。",
                            "{count} questions are open: answer and close them first."),
    # Asking
    "cursor_unknown": Meaning("conflict", "翻页位置无效，请从头再看。", "The cursor is not known."),
    "board_unnamed": Meaning("conflict", "请说明看哪个班或哪个营的榜。", "Name a class or a camp, not both."),
    "window_backwards": Meaning("conflict", "开始的日期要在结束的日期之前。", "The first day comes after the last."),
    "window_too_long": Meaning("conflict", "一次最多看 {days} 天。", "At most {days} days at once."),
    # The server
    "too_many_requests": Meaning("limited", "操作太快了，请稍等一会儿再试。", "Too many requests; wait a little."),
    "database_away": Meaning("away", "系统正在恢复，请稍后再试，您的记录不会丢。", "The database is away; try again soon."),
    "disk_full": Meaning("full", "系统存储已满，暂时只能查看。", "The disk is full; reading still works."),
    "wechat_away": Meaning("away", "暂时连不上微信，请稍后再试。", "WeChat cannot be reached; try again soon."),
    "server_error": Meaning("broken", "系统出了点问题，我们会尽快修好。", "Something went wrong on our side."),
}


class Refusal(Exception):
    """A rule says no.

    `code` is a key of REFUSALS; `facts` fill its sentence; `advice` is the treat-now card when a danger is behind it;
    `errors` names fields for a refusal of shape; `retry_after_seconds` says when to try again.
    """

    def __init__(self, code: str, *, advice: dict[str, Any] | None = None, errors: dict[str, Any] | None = None,
                 retry_after_seconds: int | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.advice = advice
        self.errors = errors
        self.retry_after_seconds = retry_after_seconds
        self.facts = facts

    def with_advice(self, advice: dict[str, Any] | None) -> Self:
        """The same no with another card."""
        return type(self)(self.code, advice=advice, errors=self.errors, retry_after_seconds=self.retry_after_seconds,
                          **self.facts)

    @property
    def meaning(self) -> Meaning:
        """The row of REFUSALS this refusal stands for."""
        return REFUSALS[self.code]

    def says(self, *, english: bool = False) -> str:
        """The sentence fit to show."""
        return (self.meaning.english if english else self.meaning.chinese).format(**self.facts)
