"""Meals in free words: what real people wrote is read, what was read is right, and nothing anybody writes breaks it."""

import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import meals
from server.domain.meals.foods import FOODS, NAMES
from tests.hanging import must_end

DATA = pathlib.Path(__file__).parents[1] / "data"
WRITTEN = [line for line in (DATA / "meal_texts.txt").read_text("utf-8").splitlines() if line.strip()]
BY_HAND, EVERYDAY = ([line.split(" => ") for line in (DATA / name).read_text("utf-8").splitlines()]
                     for name in ("meals_by_hand.txt", "meals_everyday.txt"))


def of_hand(expected: str) -> list[tuple[set[str], float]]:
    """[(foods, grams), …] as somebody wrote them down; ? is a food that was not named."""
    items = (item.rsplit(" ", 1) for item in expected.split("; "))
    return [(set(foods.split("+")) - {"?"}, float(grams)) for foods, grams in items]


def read(text: str) -> list[tuple[str, float | None]]:
    """What was read as foods: their names and grams."""
    return [("+".join(food.name for food in item.foods), item.grams) for item in meals.read(text) if item.foods]


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
    assert right + wrong > 500
    assert right >= 0.97 * (right + wrong)


@pytest.mark.parametrize(("text", "expected"), EVERYDAY)
def test_in_a_sentence_of_every_day_each_food_has_its_own_amount(text, expected):
    wanted = (item.rsplit(" ", 1) for item in expected.split("; "))
    assert read(text) == [(foods, None if grams == "-" else float(grams)) for foods, grams in wanted]


def test_a_little_is_said_and_weighs_nobody_knows_how_much():
    [nuts, milk] = meals.count("吃了点花生，一杯牛奶").read
    assert (nuts["words"], nuts["amount"], nuts["grams"], nuts["certainty"]) == ("花生", "一点", None, "none")
    assert (milk["words"], milk["amount"]) == ("牛奶", "一杯")


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


@pytest.mark.parametrize(("text", "food", "grams"), [
    # A part of one, however it is written.
    ("1/2碗米饭", "米饭", 75), ("½碗米饭", "米饭", 75), ("1/2 个苹果", "苹果", 100), ("1½碗粥", "大米粥", 375),
    ("三分之一碗饭", "米饭", 50),
    ("一又二分之一碗饭", "米饭", 225), ("大半碗米饭", "米饭", 112.5), ("小半碗粥", "大米粥", 87.5), ("一个半馒头", "馒头", 120),
    # Numbers in Chinese, and those between two.
    ("一百克米饭", "米饭", 100), ("一百五十克米饭", "米饭", 150), ("二百毫升牛奶", "牛奶", 200), ("一百个饺子", "饺子", 2000),
    ("三四个饺子", "饺子", 70), ("一两个包子", "包子", 120), ("一两饭", "米饭", 50), ("一到两个苹果", "苹果", 300),
    ("腰果数颗", "腰果", 7.5),
    # A blank within: the unit stays with its number, the letters with each other.
    ("米饭 2 两", "米饭", 100), ("糖 5 g", "糖", 5), ("鸡蛋150 g", "鸡蛋", 150), ("米 饭 一 碗", "米饭", 150),
    ("牛奶195,ml", "牛奶", 195),
    # A letter for a digit, behind Chinese too.
    ("米饭l50g", "米饭", 150), ("米饭1oog", "米饭", 100), ("窝头50mg", "杂粮馒头", 50),
    # A time of day is no food, and a few minutes are none.
    ("12:30 米饭一碗", "米饭", 150), ("7点半吃了馒头1个", "馒头", 80), ("3月5日 米饭100g", "米饭", 100),
    ("3/5 米饭一碗", "米饭", 150),
    # Raw or cooked, in brackets or not.
    ("米饭(熟)100g", "米饭", 100), ("米饭（生）100g", "大米", 100), ("米饭100g(生)", "大米", 100), ("面包(全麦)50g", "面包", 50),
    ("主食(米饭)100g", "米饭", 100), ("麦片400g", "煮燕麦片", 400), ("奶粉200ml", "牛奶", 200),
    # A small one, and a measure that says the same.
    ("一小把坚果", "坚果", 21), ("一大碗面", "面条", 375), ("红枣6只", "红枣", 48), ("鸡蛋三颗", "鸡蛋", 150),
    ("半个西瓜", "西瓜", 1500),
    # What was counted and weighed weighs what it weighs, and of each is of each.
    ("1包饼干100g", "饼干", 100), ("鸡蛋2个100g", "鸡蛋", 100), ("鸡蛋50g*2", "鸡蛋", 100),
    ("青菜、豆腐各100g", "青菜+豆腐", 200),
    # Where a measure begins a name it is none, nor where a number does.
    ("2包子", "包子", 160), ("50g卷心菜", "卷心菜", 50), ("千张100g", "百叶", 100), ("2小笼包", "包子", 160),
    ("三杯鸡100g", "鸡肉", 100),
    # A way to season is no food; noodles with something are noodles too.
    ("鱼香肉丝100g", "猪肉", 100), ("草莓味酸奶100g", "酸奶", 100), ("羊肉面250g", "羊肉+面条", 250),
    ("地三鲜200g", "茄子+土豆+青椒", 200)])
def test_an_amount_is_read_as_it_is_meant(text, food, grams):
    assert read(text) == [(food, pytest.approx(grams, rel=0.01))]


@pytest.mark.parametrize(("text", "eaten"), [
    ("没吃米饭一碗", []), ("没喝牛奶250ml", []), ("米饭一碗没吃", []), ("今天没吃主食，青菜200g", ["青菜"]),
    ("没吃 米饭一碗 青菜100g", ["青菜"]),
    ("早饭没吃 米饭100g", ["米饭"]), ("只吃了半碗饭，没吃菜", ["米饭"]), ("不加糖豆浆250ml", ["豆浆"]),
    ("米饭没吃完100g", ["米饭"])])
def test_what_was_not_eaten_is_not_counted(text, eaten):
    assert [food for food, _ in read(text)] == eaten
    assert eaten or not meals.count(text).carbohydrate_g


@pytest.mark.parametrize(("text", "certainty"), [
    ("米饭99999999g", "none"), ("米饭5000g", "low"), ("米饭1001g", "low"), ("米饭1000g", "high"), ("数碗饭", "low"),
    ("番茄炒蛋100g", "low")])
def test_what_nobody_eats_and_what_is_a_guess_is_not_certain(text, certainty):
    assert meals.count(text).certainty == certainty
    assert meals.count(None, [{"name": "米饭", "grams": 5000}]).certainty == "low"


@pytest.mark.parametrize("text", ["一" * 2000, "1 " * 1000, "(" * 2000, "米(" * 700, "半" * 2000, "米 " * 1000, "1/2" * 600,
                                  "没吃" * 900, "点" * 2000, "1:1" * 700, "青菜、" * 600, "各" * 2000, "十百千" * 600,
                                  "9" * 2000])
def test_no_text_is_read_without_end_not_even_ten_times_the_longest(text):
    with must_end():
        meals.count(text * 10)
