"""The lessons that camps teach, found by id."""

from server.domain.lessons import LESSONS
from server.domain.templates import TEMPLATES


def test_every_lesson_of_every_camp_is_found_by_its_id_and_knows_its_camp():
    for template in TEMPLATES.values():
        for lesson in template["lessons"]:
            assert LESSONS[lesson["id"]] == {**lesson, "template": template["name"]}
    assert len(LESSONS) == sum(template["days"] for template in TEMPLATES.values())


def test_every_lesson_that_a_plan_offers_is_there():
    offered = {day["lesson"] for template in TEMPLATES.values() for plan in template["rules"]["plans"].values()
               for day in plan["days"].values()}
    assert offered <= set(LESSONS)
