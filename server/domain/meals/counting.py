"""How much carbohydrate and energy a meal holds, and how sure that is. It is a help to learn by, never to dose by."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from server.domain.meals import reading
from server.domain.meals.foods import FOODS, Food
from server.domain.meals.reading import Item

HIGH, MEDIUM, LOW, NONE = "high", "medium", "low", "none"
CERTAINTIES = (HIGH, MEDIUM, LOW, NONE)
# Below so many grams of difference it does not matter in which state a food was weighed.
MATTERS_G = 10.0
# More of one thing than anybody eats at a sitting: it may be right, but nobody should lean on it.
MUCH_G = 1000.0


class Counted(NamedTuple):
    """A meal counted: carbohydrate in grams, energy in kcal (both None where nothing was read), how sure, each thing that
    was read, and what should be asked."""

    carbohydrate_g: float | None
    energy_kcal: float | None
    certainty: str
    read: list[dict[str, Any]]
    asks: list[dict[str, Any]]


def count(text: str | None, foods: Sequence[dict[str, Any]] = ()) -> Counted:
    """A meal's carbohydrate and energy from its words, or from foods with grams where the person gave them."""
    items = [reading.given(food["name"], float(food["grams"])) for food in foods] if foods else reading.read(text or "")
    views = [_view(item) for item in items]
    known = [view for view in views if view["carbohydrate_g"] is not None]
    if not known:
        return Counted(None, None, NONE, views, [])
    worst = max((CERTAINTIES.index(view["certainty"]) for view in views), default=0)
    asks = [ask for item in items for ask in _asks(item)]
    # Something was eaten that could not be counted: the sum is too small by nobody knows how much.
    certainty = LOW if worst == CERTAINTIES.index(NONE) or asks else CERTAINTIES[worst]
    return Counted(round(sum(view["carbohydrate_g"] for view in known), 1),
                   round(sum(view["energy_kcal"] for view in known)), certainty, views, asks)


def _view(item: Item) -> dict[str, Any]:
    carbohydrate = energy = None
    if item.foods and item.grams is not None:
        carbohydrate_g, energy_kcal = _in_100_g(item.foods)
        carbohydrate, energy = round(carbohydrate_g * item.grams / 100, 1), round(energy_kcal * item.grams / 100)
    return {"words": item.words, "amount": item.said, "grams": item.grams, "foods": [food.name for food in item.foods],
            "carbohydrate_g": carbohydrate, "energy_kcal": energy, "certainty": _certainty(item)}


def _in_100_g(foods: Sequence[Food]) -> tuple[float, float]:
    """Carbohydrate and energy in 100 g: of a dish of several the mean of its parts."""
    if len(foods) == 1:
        return foods[0].carbohydrate_g, foods[0].energy_kcal
    return (sum(food.carbohydrate_g for food in foods) / len(foods), sum(food.energy_kcal for food in foods) / len(foods))


def _certainty(item: Item) -> str:
    """High for one food that was weighed, medium for one by the bowl or an estimated figure, low for a dish of several, for a
    few and for more than anybody eats."""
    if not item.foods or item.grams is None:
        return NONE
    if len(item.foods) > 1 or item.is_guessed or item.grams > MUCH_G:
        return LOW
    return HIGH if item.is_weighed and item.is_exact and item.foods[0].source == "B" else MEDIUM


def _asks(item: Item) -> list[dict[str, Any]]:
    """Dry or cooked, where the words do not say and it makes a difference."""
    if not item.is_weighed or item.grams is None or item.words not in _EITHER or len(item.foods) != 1:
        return []
    food, other = item.foods[0], FOODS.get(item.foods[0].also or "")
    if other is None or item.words not in (food.name, *food.aliases):
        return []
    difference = abs(food.carbohydrate_g - other.carbohydrate_g) * item.grams / 100
    if difference < MATTERS_G:
        return []
    return [{"words": item.words, "question": f"{item.words}{item.said}，是煮熟以后称的，还是下锅以前称的？",
             "choices": [_choice(food, item.grams), _choice(other, item.grams)]}]


# What is weighed both ways by its plain name.
_EITHER = frozenset(("面条", "面", "荞麦面", "米粉", "粉丝", "粉条", "米线", "河粉", "米", "燕麦", "燕麦片", "麦片", "意面", "意大利面", "宽粉", "杂粮面"))


def _choice(food: Food, grams: float) -> dict[str, Any]:
    return {"food": food.name, "grams": grams, "carbohydrate_g": round(food.carbohydrate_g * grams / 100, 1)}
