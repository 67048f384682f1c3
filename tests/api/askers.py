"""Asking and being handed over, as several files of tests need it."""

from typing import Any

from tests.makers import Answer, Person, World, day

NOON = f"{day(1)}T12:00:00+08:00"
# Nothing of this is in any knowledge base.
NONSENSE = "咖啡色的窗帘配什么颜色的沙发套好看"
FASTING = "怎样才算合格的空腹血糖？"
CAMP_RULE = "前一天忘记打卡能补吗？"


def ask(person: Person, text: str, **more: Any) -> Answer:
    """Ask a question that is answered."""
    answer = person.post("/questions", {"text": text, **more})
    assert answer.status == 201, answer.json
    return answer


def a_class(world: World) -> tuple[Any, Person, Person, Person]:
    """(class, patient, its nurse, a nurse of another class of the camp) at noon of the first day."""
    group = world.group()
    ming = world.patient("ming", group)
    other = world.group({"id": group["camp_id"]}, "星光班")
    hui = world.with_role("hui", "nurse", "class", group["id"], "沪护 0001")
    lan = world.with_role("lan", "nurse", "class", other["id"], "沪护 0002")
    world.clock(NOON)
    for person in (ming, hui, lan, world.admin, world.manager):
        person.sign_in()
    return group, ming, hui, lan


def handed_over(person: Person, text: str = NONSENSE) -> tuple[Answer, str]:
    """(question, path of its ticket) after the tap that asks for a person."""
    question = ask(person, text)
    ticket = person.post(f"/questions/{question['id']}/hand-over")["ticket"]
    return question, f"/questions/tickets/{ticket['id']}"


def told(world: World) -> list[tuple[str, str]]:
    """(template, person) of what has been left in the outbox, oldest first."""
    names = {person.id: name for name, person in world.people.items()}
    return [(each["template"], names[each["to"]]) for each in reversed(world.ask("GET", "/dev/outbox?limit=100")["items"])
            if each["template"].startswith("ticket")]
