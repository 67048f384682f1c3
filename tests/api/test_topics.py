"""The knowledge base: from a question nobody could answer to a topic, and what staff may do with one."""

import itertools

from tests.api.askers import FASTING, NONSENSE, a_class, ask, handed_over
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
