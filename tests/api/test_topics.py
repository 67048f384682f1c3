"""The knowledge base: from a question nobody could answer to a topic, and what staff may do with one."""

import itertools
import uuid

import sqlalchemy as sa

from server.domain.knowledge import ENDING, TOPICS
from server.models.base import db
from server.models.people import RoleGrant
from tests.api.askers import FASTING, NONSENSE, a_class, ask, handed_over
from tests.api.askings import DOSE, EMERGENCY
from tests.makers import World


def test_from_unanswered_to_a_topic_in_two_clicks(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    hong = world.person("hong")
    question, path = handed_over(ming)
    other = ask(hong, NONSENSE + "呢")
    hui.post(f"{path}/reply", {"text": "这个我们不太懂，您可以问问家里人的意见。"})
    [group] = world.admin.get("/questions/unanswered")["items"]
    assert (group["reason"], group["count"], group["words"]) == ("unsure", 2, []), "nobody has agreed yet"
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    [group] = world.admin.get("/questions/unanswered")["items"]
    assert (group["words"], group["from_question_id"]) == ([NONSENSE], question["id"])
    made = world.admin.post("/questions/topics", {"from_question_id": group["from_question_id"]})
    assert (made.status, made["status"], made["question"], made["draft"]["ways"]) == (201, "draft", NONSENSE, [NONSENSE])
    assert made["answer"] == "这个我们不太懂，您可以问问家里人的意见。"
    published = world.admin.ask("PATCH", f"/questions/topics/{made['slug']}", {"status": "published"})
    assert (published.status, published["status"], published["reviewer"]) == (200, "published", "admin")
    answer = ask(hong, NONSENSE)
    assert (answer["kind"], answer["topic"], answer["topic_version"]) == ("answered", made["slug"], 1)
    assert answer["topic_edited"] is True
    # The other question was of the same kind, and is answered now.
    assert other["kind"] == "unsure"
    assert world.admin.get("/questions/unanswered")["items"] == []


def test_words_nobody_agreed_to_never_reach_a_topic(world: World) -> None:
    _, ming, _, _ = a_class(world)
    question = ask(ming, NONSENSE)
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False})
    made = world.admin.post("/questions/topics", {"from_question_id": question["id"]})
    assert (made["question"], made["ways"], made["answer"]) == ("", [], "")
    refused = world.admin.ask("PATCH", f"/questions/topics/{made['slug']}", {"status": "published"})
    assert refused.code == "topic_incomplete"


def test_a_badly_rated_answer_is_on_the_list_and_its_topic_is_edited(world: World) -> None:
    ming = world.patient("ming")
    question = ask(ming, FASTING)
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False})
    [group] = world.admin.get("/questions/unanswered")["items"]
    assert (group["reason"], group["topic"]) == ("badly_rated", "fasting_definition")
    draft = world.admin.post("/questions/topics", {"from_question_id": question["id"],
                                                   "answer": "至少 8 小时没有吃东西，清晨起床后先测再吃。"})
    assert (draft["slug"], draft["status"], draft["draft"]["number"]) == (
        "fasting_definition", "published", question["topic_version"] + 1)
    assert ask(ming, FASTING)["topic_version"] == question["topic_version"], "a draft answers nobody"
    world.admin.ask("PATCH", "/questions/topics/fasting_definition", {"status": "published"})
    answer = ask(ming, FASTING)
    assert (answer["topic_version"], answer["topic_edited"]) == (question["topic_version"] + 1, True)
    assert answer["answer"].startswith("至少 8 小时没有吃东西，清晨起床后先测再吃。")
    assert ming.post(f"/questions/{question['id']}/rating", {"helpful": True})["helpful"] is True


def test_another_question_is_a_topic_of_its_own_and_writes_over_none(world: World) -> None:
    ming = world.patient("ming")
    question = ask(ming, FASTING)
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False})
    draft = world.admin.post("/questions/topics", {
        "from_question_id": question["id"], "question": "抽血前一晚能喝水吗", "answer": "白水可以喝，别喝甜的和咖啡。"})
    assert draft["slug"].startswith("own_")
    assert world.admin.get("/questions/topics/fasting_definition")["draft"] is None


def test_new_words_stand_under_no_old_source(world: World) -> None:
    path = "/questions/topics/fasting_definition"
    assert world.admin.get(path)["source"]
    drafted = world.admin.ask("PATCH", path, {"answer": "至少 8 小时没有吃东西，清晨起床后先测再吃。"})
    assert drafted["draft"]["source"] is None
    sourced = world.admin.ask("PATCH", path, {"answer": "至少 8 小时没吃东西，起床后先测再吃。", "source": "本院内分泌科"})
    assert sourced["draft"]["source"] == "本院内分泌科"


def test_a_topic_is_reviewed_published_edited_and_retired(world: World) -> None:
    admin = world.admin
    path = "/questions/topics/parking"
    made = admin.post("/questions/topics", {"slug": "parking", "question": "来听课在哪里停车？", "medical": False,
                                            "answer": "门诊楼北侧有停车场，免费半天。"})
    assert admin.post("/questions/topics", {"slug": "parking"}).code == "already_exists"
    reviewed = admin.ask("PATCH", path, {"status": "reviewed", "reviewer": "总务科 王老师"})
    assert (made["status"], reviewed["status"], reviewed["reviewer"]) == ("draft", "reviewed", "总务科 王老师")
    # Whoever reviewed it reviewed another text.
    assert admin.ask("PATCH", path, {"answer": "门诊楼北侧有停车场，免费一天。"})["status"] == "draft"
    published = admin.ask("PATCH", path, {"status": "published", "review_due_on": "2026-03-01"})
    assert (published["number"], published["overdue"]) == (1, False)
    world.clock("2026-03-02T08:00:00+08:00")
    admin.sign_in()
    assert "parking" in [each["slug"] for each in admin.get("/questions/topics?overdue=true&limit=100")["items"]]
    second = admin.ask("PATCH", path, {"answer": "门诊楼北侧停车场，全天免费停车。"})
    assert (second["status"], second["number"], second["draft"]["number"]) == ("published", 1, 2)
    assert admin.ask("PATCH", path, {"status": "published"})["number"] == 2
    retired = admin.ask("PATCH", path, {"status": "retired"})
    assert (retired["status"], [each["number"] for each in retired["versions"]]) == ("retired", [1])
    assert ask(world.person("fei"), "来听课在哪里停车？")["topic"] != "parking"
    assert admin.ask("PATCH", path, {"status": "published"}).code == "topic_step"


def test_a_shipped_topic_can_be_taken_out_and_brought_back(world: World) -> None:
    admin, fei = world.admin, world.person("fei")
    path = "/questions/topics/fasting_definition"
    shipped = admin.get(path)
    assert (shipped["status"], shipped["edited"], shipped["versions"]) == ("published", False, [])
    assert admin.ask("PATCH", path, {"status": "retired"})["status"] == "retired"
    assert ask(fei, FASTING)["topic"] != "fasting_definition"
    admin.ask("PATCH", path, {"answer": shipped["answer"]})
    back = admin.ask("PATCH", path, {"status": "published"})
    assert (back["status"], back["answer"], back["edited"]) == ("published", shipped["answer"], True)
    assert ask(fei, FASTING)["topic"] == "fasting_definition"


def test_the_longest_list_of_ways_that_is_shipped_takes_one_more(world: World) -> None:
    longest = max(TOPICS, key=lambda topic: len(topic.ways))
    edited = world.admin.ask("PATCH", f"/questions/topics/{longest.slug}", {"ways": [*longest.ways, "再问一句"]})
    assert (edited.status, edited["draft"]["ways"][-1]) == (200, "再问一句")


def test_a_discarded_draft_leaves_what_was_published(world: World) -> None:
    admin, path = world.admin, "/questions/topics/fasting_definition"
    assert admin.ask("PATCH", path, {"answer": "这一句还没有想好怎么写。"})["draft"]["number"] == 2
    discarded = admin.ask("PATCH", path, {"status": "discarded"})
    assert (discarded["status"], discarded["edited"], discarded["draft"]) == ("published", False, None)
    assert ask(world.person("fei"), FASTING)["topic_edited"] is False


def test_no_dose_gets_into_the_knowledge_base(world: World) -> None:
    path = "/questions/topics/metformin_gi"
    world.admin.ask("PATCH", path, {"answer": "拉肚子的话，二甲双胍先减到半片，一天两次。"})
    assert world.admin.ask("PATCH", path, {"status": "published"}).code == "topic_names_dose"


def test_who_edits_the_knowledge_base_and_who_only_reads_it(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    assistant = world.with_role("assi", "assistant", "organisation", world.organisation_id)
    draft = {"answer": "至少 8 小时没有吃东西，清晨起床后先测再吃。"}
    path = "/questions/topics/fasting_definition"
    statuses = {person.name: (person.get("/questions/topics").status, person.ask("PATCH", path, draft).status,
                              person.ask("PATCH", path, {"status": "reviewed"}).status)
                for person in (ming, assistant, world.manager)}
    assert statuses == {"ming": (403, 403, 403), "assi": (200, 403, 403), "manager": (200, 200, 403)}
    assert ming.get("/questions/unanswered").status == 403
    assert world.admin.ask("PATCH", path, {"status": "reviewed"}).status == 200
    del hui


def test_an_editor_who_saw_another_text_is_told_so(world: World) -> None:
    admin, path = world.admin, "/questions/topics/fasting_definition"
    tag = admin.ask("PATCH", path, {"answer": "至少 8 小时没有吃东西，清晨先测再吃。"}).headers["ETag"]
    assert admin.ask("PATCH", path, {"answer": "至少 8 小时不吃东西，清晨先测再吃。"}, If_Match=tag).status == 200
    assert admin.ask("PATCH", path, {"answer": "至少 9 小时没有吃东西，清晨先测再吃。"}, If_Match=tag).status == 412


def test_topics_are_paged_by_slug(world: World) -> None:
    pages, after = [], ""
    while after is not None:
        page = world.admin.get(f"/questions/topics?limit=50{after and f'&after={after}'}")
        pages.append([each["slug"] for each in page["items"]])
        after = page["next"]
    slugs = list(itertools.chain(*pages))
    assert slugs == sorted(set(slugs))
    assert "fasting_definition" in slugs


def test_what_patients_call_a_thing_is_understood_from_the_next_question_on(world: World) -> None:
    ming = world.patient("ming")
    before = ask(ming, "小银针能反复用吗")
    settled = world.admin.ask("PUT", "/questions/synonyms", {"synonyms": [{"word": "小银针", "instead": "采血针"}]})
    assert (settled.status, settled["synonyms"]) == (200, [{"word": "小银针", "instead": "采血针"}])
    assert ask(ming, "小银针能反复用吗")["topic"] == "lancet_reuse"
    assert world.admin.get("/questions/synonyms")["synonyms"] == settled["synonyms"]
    world.admin.ask("PUT", "/questions/synonyms", {"synonyms": []})
    assert ask(ming, "小银针能反复用吗")["topic"] == before["topic"]


def test_synonyms_are_settled_by_who_publishes_topics_and_read_by_staff(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    assert [somebody.ask("PUT", "/questions/synonyms", {"synonyms": []}).status in (403, 404) for somebody in (ming, hui)] == [
        True, True]
    assert hui.get("/questions/synonyms")["synonyms"] == []
    assert ming.get("/questions/synonyms").code == "forbidden"


def test_a_brace_in_a_published_text_is_only_a_brace(world: World) -> None:
    ming = world.patient("ming")
    for text in ("至少 8 小时没有吃东西 {空腹}，先测再吃。", "至少 8 小时没有吃东西 :} ，先测再吃。",
                 "补卡有{cards}，{ cards }。记住了"):
        world.admin.ask("PATCH", "/questions/topics/fasting_definition", {"answer": text})
        assert world.admin.ask("PATCH", "/questions/topics/fasting_definition", {"status": "published"}).status == 200
        answer = ask(ming, FASTING)["answer"]
        assert answer.startswith(text.replace("{cards}", "2 张补卡"))


def test_every_answer_ends_with_the_disclaimer_and_the_offer_of_a_person(world: World) -> None:
    ming, path = world.patient("ming"), "/questions/topics/fasting_definition"
    for text in ("空腹八小时再测就行了吧。", "空腹八小时再测就行了吧。" + ENDING):
        world.admin.ask("PATCH", path, {"answer": text, "status": "published"})
        assert ask(ming, FASTING)["answer"] == "空腹八小时再测就行了吧。" + ENDING
    # The product's words are no part of what staff wrote.
    shown = world.admin.ask("PATCH", path, {"ways": ["空腹是几小时"], "status": "published"})
    assert [shown["answer"], shown["versions"][0]["answer"]] == ["空腹八小时再测就行了吧。" + ENDING] * 2
    world.admin.ask("PATCH", path, {"answer": "空腹八小时再测就行了吧。", "status": "published"})
    assert world.admin.ask("PATCH", path, {"ways": ["几小时"]})["draft"]["answer"] == "空腹八小时再测就行了吧。"


def test_what_a_nurse_wrote_to_one_patient_is_brought_to_nobody_without_their_consent(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    hui.post(f"{path}/reply", {"text": "陈阿姨，您糖化 9.8，又有眼底病变，先去看眼科。"})
    made = world.admin.post("/questions/topics", {"from_question_id": question["id"]})
    assert (made.status, made["answer"]) == (201, "")


def test_an_emergency_and_a_dose_are_no_questions_to_the_knowledge_base(world: World) -> None:
    _, ming, _, _ = a_class(world)
    for text in (EMERGENCY, DOSE):
        asked = ask(ming, text)
        assert world.admin.post("/questions/topics", {"from_question_id": asked["id"]}).code == "not_found"


def test_a_text_whose_review_was_taken_back_is_reviewed_anew(world: World) -> None:
    admin, path = world.admin, "/questions/topics/fasting_definition"
    admin.ask("PATCH", path, {"answer": "至少 8 小时没有吃东西，清晨先测再吃。"})
    admin.ask("PATCH", path, {"status": "reviewed", "reviewer": "李主任"})
    world.clock("2026-09-01T08:00:00+08:00")
    admin.sign_in()
    back = admin.ask("PATCH", path, {"status": "draft"})["draft"]
    assert (back["reviewer"], back["reviewed_on"], back["review_due_on"]) == (None, None, None)
    out = admin.ask("PATCH", path, {"status": "published"})
    assert (out["reviewer"], out["reviewed_on"], out["review_due_on"]) == ("admin", "2026-09-01", "2027-09-01")


def test_the_reviewer_of_another_text_is_not_named_under_this_one(world: World) -> None:
    admin, path = world.admin, "/questions/topics/fasting_definition"
    admin.ask("PATCH", path, {"answer": "至少 8 小时没有吃东西，清晨先测再吃。"})
    admin.ask("PATCH", path, {"status": "reviewed", "reviewer": "李主任", "review_due_on": "2026-06-01"})
    edited = admin.ask("PATCH", path, {"answer": "至少 3 小时没有吃东西，清晨先测再吃。"})["draft"]
    assert (edited["status"], edited["reviewer"], edited["review_due_on"]) == ("draft", None, "2026-06-01")
    assert admin.ask("PATCH", path, {"status": "published"})["reviewer"] == "admin"


def test_a_discarded_draft_puts_its_question_back_on_the_list(world: World) -> None:
    question = ask(world.patient("ming"), NONSENSE)
    made = world.admin.post("/questions/topics", {"from_question_id": question["id"]})
    assert world.admin.get("/questions/unanswered")["items"] == []
    world.admin.ask("PATCH", f"/questions/topics/{made['slug']}", {"status": "discarded"})
    assert [each["from_question_id"] for each in world.admin.get("/questions/unanswered")["items"]] == [question["id"]]


def test_badly_rated_answers_leave_the_list_when_their_topic_says_something_else(world: World) -> None:
    group = world.group()
    rated = [(person, ask(person, FASTING)["id"]) for person in (world.patient(name, group) for name in ("ming", "hong", "fei"))]
    for person, question_id in rated[:2]:
        person.post(f"/questions/{question_id}/rating", {"helpful": False})
    assert world.admin.get("/questions/unanswered")["items"][0]["count"] == 2
    path = "/questions/topics/fasting_definition"
    world.admin.ask("PATCH", path, {"answer": "至少 8 小时没有吃东西，清晨起床后先测再吃。", "status": "published"})
    # Of the text that is gone now somebody complains even later.
    rated[2][0].post(f"/questions/{rated[2][1]}/rating", {"helpful": False})
    assert world.admin.get("/questions/unanswered")["items"] == []
    again = ask(rated[0][0], FASTING)
    rated[0][0].post(f"/questions/{again['id']}/rating", {"helpful": False})
    assert [each["count"] for each in world.admin.get("/questions/unanswered")["items"]] == [1]


def test_a_topic_written_by_hand_takes_what_it_answers_off_the_list(world: World) -> None:
    question = ask(world.patient("ming"), NONSENSE)
    world.admin.post("/questions/topics", {"slug": "curtains", "question": NONSENSE, "answer": "门诊楼二楼有一间样板间可以看。"})
    assert [each["from_question_id"] for each in world.admin.get("/questions/unanswered")["items"]] == [question["id"]]
    world.admin.ask("PATCH", "/questions/topics/curtains", {"status": "published"})
    assert world.admin.get("/questions/unanswered")["items"] == []


def test_words_taken_back_leave_the_draft_with_what_was_answered_to_them(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    question, path = handed_over(ming)
    hui.post(f"{path}/reply", {"text": "这个我们不太懂，您可以问问家里人的意见。"})
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    made = world.admin.post("/questions/topics", {"from_question_id": question["id"], "ways": ["窗帘和沙发", NONSENSE]})
    hui.post(f"{path}/reply", {"text": "您再想想。"})
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False})
    draft = world.admin.get(f"/questions/topics/{made['slug']}")["draft"]
    assert (draft["question"], draft["ways"], draft["answer"]) == ("窗帘和沙发", ["窗帘和沙发"], "")


def test_words_taken_back_leave_what_was_published_too(world: World) -> None:
    group = world.group()
    ming, hong = world.patient("ming", group), world.patient("hong", group)
    other = "蓝色的地毯配什么颜色的茶几耐脏"
    slugs = []
    for text, ways in ((NONSENSE, ["窗帘怎么配沙发", NONSENSE]), (other, [other])):
        question = ask(ming, text)
        ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
        made = world.admin.post("/questions/topics", {"from_question_id": question["id"], "ways": ways})
        for answer in ("二楼有样板间可以看看。", "三楼有样板间可以看看。"):
            world.admin.ask("PATCH", f"/questions/topics/{made['slug']}", {"answer": answer, "status": "published"})
        assert ask(hong, text)["topic"] == made["slug"]
        ming.post(f"/questions/{question['id']}/rating", {"helpful": False})
        slugs.append(made["slug"])
    first, second = (world.admin.get(f"/questions/topics/{slug}") for slug in slugs)
    assert NONSENSE not in str(first.json)
    assert (first["status"], first["question"], first["answer"]) == ("published", "窗帘怎么配沙发", "三楼有样板间可以看看。")
    # Without its question a topic answers nobody.
    assert other not in str(second.json)
    assert (second["status"], ask(hong, other)["topic"] == slugs[1]) == ("retired", False)


def test_an_admin_of_two_organisations_says_which_ones_topic_is_changed(world: World) -> None:
    admin = world.admin
    second = world.person("owner").post("/organisations", {"name": "第二医院"})["id"]
    with world.app.app_context():
        [mine] = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == "admin")).all()
        columns = {column.name: getattr(mine, column.name) for column in RoleGrant.__table__.columns}
        db.session.execute(sa.insert(RoleGrant).values({
            **columns, "id": uuid.uuid4(), "organisation_id": uuid.UUID(second), "scope_id": uuid.UUID(second)}))
        db.session.commit()
        db.session.remove()
    parking = {"slug": "parking", "question": "停车在哪", "answer": "门诊楼北侧有停车场，免费半天。"}
    assert admin.post("/questions/topics", parking).code == "organisation_unnamed"
    assert admin.post("/questions/topics", {**parking, "organisation_id": second}).status == 201
    path, which = "/questions/topics/parking", {"organisation_id": second}
    assert admin.ask("PATCH", path, {"status": "published"}).code == "organisation_unnamed"
    assert admin.ask("PATCH", path, {"status": "published", "organisation_id": world.organisation_id}).code == "not_found"
    assert admin.ask("PATCH", path, {"status": "published", **which})["status"] == "published"
    assert admin.get(f"{path}?organisation_id={second}")["status"] == "published"
    assert admin.ask("PATCH", path, {"answer": 7}).status == 422, "what it is wrong about comes before whose it is"
    assert admin.ask("PATCH", path, {"status": "retired", "organisation_id": str(uuid.uuid4())}).code == "not_found"


def test_staff_of_one_class_read_the_knowledge_base_and_no_words_of_the_organisation(world: World) -> None:
    _, ming, _, lan = a_class(world)
    question = ask(ming, NONSENSE)
    ming.post(f"/questions/{question['id']}/rating", {"helpful": False, "may_use_words": True})
    named = f"?organisation_id={world.organisation_id}"
    for where in ("", named):
        assert lan.get(f"/questions/unanswered{where}").code == "forbidden"
        assert lan.get(f"/questions/topics/fasting_definition{where}").status == 200
    assert lan.post("/questions/topics", {"from_question_id": question["id"]}).code == "forbidden"
    assert lan.ask("PATCH", "/questions/topics/fasting_definition", {"answer": "至少 8 小时没有吃东西。"}).code == "forbidden"
    assert ming.get(f"/questions/topics{named}").code == "not_found"
