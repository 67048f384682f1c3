"""Who hears of a danger, in which order, and what keeps nobody from hearing: those on duty, their phone, and the family."""

from tests.makers import World, entry


def test_the_same_reading_sent_again_says_again_that_nobody_watches(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    draft = entry("glucose", world.now, value=2.5)
    first, again = (ming.post("/entries", draft) for _ in range(2))
    assert (first.status, again.status, first["advice"]) == (201, 200, again["advice"])
    assert "没有工作人员" in first["advice"]["steps"][-1]
    walk = entry("exercise", world.now)
    assert [ming.post("/entries", walk)["advice"]["level"] for _ in range(2)] == ["caution", "caution"]
