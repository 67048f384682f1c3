"""Meals in free words: what real people wrote is read, what was read is right, and nothing anybody writes breaks it."""

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import meals
from server.domain.meals.foods import FOODS, NAMES

DATA = pathlib.Path(__file__).parents[1] / "data"
WRITTEN = [line for line in (DATA / "meal_texts.txt").read_text("utf-8").splitlines() if line.strip()]
BY_HAND = [line.split(" => ") for line in (DATA / "meals_by_hand.txt").read_text("utf-8").splitlines()]


def of_hand(expected: str) -> list[tuple[set[str], float]]:
    """[(foods, grams), …] as somebody wrote them down."""
    return [(set(foods.split("+")), float(grams)) for foods, grams in (item.rsplit(" ", 1) for item in expected.split("; "))]


def test_of_what_real_people_wrote_97_in_100_are_split_into_foods_and_amounts():
    read = [meals.read(text) for text in WRITTEN]
    assert len(read) > 1500
    whole = [items for items in read if items and all(item.grams is not None for item in items)]
    assert len(whole) >= 0.97 * len(read)


def test_of_the_foods_real_people_wrote_95_in_100_are_known():
    items = [item for text in WRITTEN for item in meals.read(text)]
    assert sum(bool(item.foods) for item in items) >= 0.95 * len(items)


def test_what_is_read_is_what_somebody_who_reads_it_would_write_down():
    right = wrong = 0
    for text, expected in BY_HAND:
        read = [({food.name for food in item.foods}, item.grams) for item in meals.read(text)]
        wanted = of_hand(expected)
        hits = sum(one in wanted for one in read)
        right, wrong = right + hits, wrong + max(len(read), len(wanted)) - hits
    assert right + wrong > 150
    assert right >= 0.97 * (right + wrong)


def test_there_are_150_foods_with_names_of_their_own():
    assert len(FOODS) >= 150
    assert len(NAMES) >= 1000
    assert all(0 <= food.carbohydrate_g <= 100 and 0 <= food.energy_kcal <= 900 and food.source in ("B", "E")
               for food in FOODS.values())
    # Carbohydrate alone gives 4 kcal a gram; a table with less energy than that is wrong (a tenth for rounding and fibre).
    assert [food.name for food in FOODS.values() if food.energy_kcal < 0.85 * 4 * food.carbohydrate_g - 3] == []
    assert all(food.also is None or food.also in FOODS for food in FOODS.values())


@pytest.mark.parametrize(("text", "grams", "certainty"), [
    ("米饭100g", 25.9, "high"), ("米饭一碗", 38.9, "medium"), ("青椒山药鸡丝100g", 5.8, "low"), ("面条100g", 24.3, "low"),
    ("香蕉100g 佛跳墙50g", 22.0, "low"), ("好吃的", None, "none"), ("空腹检查", None, "none")])
def test_carbohydrate_comes_with_how_sure_it_is(text, grams, certainty):
    counted = meals.count(text)
    assert (counted.carbohydrate_g, counted.certainty) == (grams, certainty)


def test_dry_or_cooked_is_asked_where_it_matters_and_answered_by_the_foods_own_name():
    [ask] = meals.count("面条100g").asks
    assert [(choice["food"], choice["carbohydrate_g"]) for choice in ask["choices"]] == [("面条", 24.3), ("生面条", 59.5)]
    assert meals.count("面条10g").asks == []
    assert meals.count("面条一碗").asks == [], "nobody measures raw noodles by the bowl"
    answered = meals.count("面条100g", [{"name": "生面条", "grams": 100}])
    assert (answered.carbohydrate_g, answered.asks) == (59.5, [])


def test_foods_somebody_gave_take_the_place_of_words():
    counted = meals.count("一碗饭", [{"name": "米饭", "grams": 80}, {"name": "没听过的", "grams": 50}])
    assert (counted.carbohydrate_g, counted.certainty) == (20.7, "low")


@given(st.text(max_size=500))
def test_nothing_anybody_writes_breaks_it_and_nothing_weighs_less_than_nothing(text):
    counted = meals.count(text)
    assert counted.certainty in meals.CERTAINTIES
    assert (counted.carbohydrate_g or 0) >= 0
    assert all((item["grams"] or 0) >= 0 for item in counted.read)


@given(st.lists(st.sampled_from(sorted(FOODS)), min_size=1, max_size=6), st.integers(10, 400))
def test_a_meal_holds_what_its_parts_hold(names, grams):
    whole = meals.count(" ".join(f"{name}{grams}g" for name in names))
    parts = [meals.count(f"{name}{grams}g").carbohydrate_g for name in names]
    assert whole.carbohydrate_g == pytest.approx(sum(parts), abs=0.06 * len(parts))


def test_without_sugar_is_part_of_a_name():
    assert [item.words for item in meals.read("无糖酸奶一杯 无糖麦片40g")] == ["无糖酸奶", "无糖麦片"]
