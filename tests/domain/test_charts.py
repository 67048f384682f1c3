"""Pictures of readings: everything is told by shape and word as well as by colour, and fits on a phone."""

import datetime as dt
import re
import uuid
import xml.etree.ElementTree as ET
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from server.domain.charts.drawing import STATES, Look
from server.domain.charts.trend import MOST_NUMBERS, NOTHING, SLOT_NAMES, Event, modal_day, one_day, some_days
from server.domain.glucose import HI, LO, MG_DL, MMOL_L, Reading
from server.domain.insights.readings import Told

SHANGHAI = "Asia/Shanghai"
FIRST = dt.date(2026, 3, 2)
SLOTS = [slot for slot in SLOT_NAMES if slot != "random"]
HOURS = dict(zip(SLOTS, (7, 9, 12, 14, 18, 20, 22, 3), strict=True))
SVG = "{http://www.w3.org/2000/svg}"


def told(day: int, hour: float, value: float | str, slot: str = "random", unit: str = MMOL_L) -> Told:
    date = FIRST + dt.timedelta(days=day)
    at = dt.datetime.combine(date, dt.time(), ZoneInfo(SHANGHAI)) + dt.timedelta(hours=hour)
    typed = value if value in (HI, LO) else Decimal(str(value))
    return Told(uuid.uuid4(), at.astimezone(dt.UTC), date, slot, None, Reading(typed, unit))


def fortnight() -> list[Told]:
    """Fourteen days of eight readings, from 2.4 to 17, and the two that no meter counts."""
    day_by_day = [told(day, HOURS[slot], round(2.4 + (7 * day + 5 * place) % 15, 1), slot)
                  for day in range(14) for place, slot in enumerate(SLOTS)]
    return sorted([*day_by_day, told(3, 4, LO, "night"), told(9, 15, HI, "after_lunch")], key=lambda one: one.at)


PHONE = Look()


def days(readings: list[Told], look: Look = PHONE, count: int = 14, traced: list[Told] | None = None) -> str:
    return some_days(readings, traced or [], FIRST, FIRST + dt.timedelta(days=count - 1), SHANGHAI, look)


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text")]


def shapes(svg: str, state: str) -> int:
    """How many marks of that state the picture holds, its legend's left out; each state is a shape of its own."""
    _, colour, _ = STATES[state]
    found = [node for node in ET.fromstring(svg).iter() if node.get("fill") == colour]
    assert len({(node.tag, len((node.get("points") or "").split())) for node in found}) == 1
    return len(found) - 1


PICTURES = {
    "a day": lambda look: one_day([one for one in fortnight() if one.day == FIRST], [], [
        Event("meal", told(0, 7, 5).at), Event("exercise", told(0, 23.9, 5).at, 600)], FIRST, SHANGHAI, look),
    "a fortnight": lambda look: days(fortnight(), look),
    "a quarter": lambda look: days(fortnight(), look, 92),
    "the modal day": lambda look: modal_day(fortnight(), FIRST, FIRST + dt.timedelta(days=13), look),
    "an empty day": lambda look: one_day([], [], [], FIRST, SHANGHAI, look),
    "an empty fortnight": lambda look: days([], look),
    "an empty modal day": lambda look: modal_day([], FIRST, FIRST, look),
}
LOOKS = [Look(), Look(unit=MG_DL), Look(pregnant=True), Look(unit=MG_DL, pregnant=True, width=440, height=290)]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_fits_on_a_phone_and_can_be_read(name, look):
    picture = ET.fromstring(PICTURES[name](look))
    assert (picture.get("role"), picture.get("viewBox")) == ("img", f"0 0 {look.width} {look.height}")
    named = {picture.find(f"{SVG}{tag}").get("id"): picture.find(f"{SVG}{tag}").text for tag in ("title", "desc")}
    assert set(named) == set(picture.get("aria-labelledby").split())
    assert all(re.search("[一-鿿]", said) for said in named.values())
    for node in picture.iter(f"{SVG}text"):
        size, x, y = (float(node.get(key)) for key in ("font-size", "x", "y"))
        wide = size * sum(1 if ord(letter) > 255 else 0.62 for letter in node.text)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[node.get("text-anchor")]
        assert left >= -1, node.text
        assert left + wide <= look.width + 1, node.text
        assert size >= 11
        assert 10 < y < look.height


def test_two_pictures_in_one_page_are_told_apart_by_who_reads_them_out():
    labels = {ET.fromstring(picture(PHONE)).get("aria-labelledby") for picture in PICTURES.values()}
    assert len(labels) == len(PICTURES)


def test_every_state_is_a_shape_a_colour_and_a_word():
    assert len({shape for _, _, shape in STATES.values()}) == len({colour for _, colour, _ in STATES.values()}) == len(STATES)
    assert {said for said, _, _ in STATES.values()} <= set(texts(days([])))


@pytest.mark.parametrize(("value", "unit", "look", "state"), [
    (3.8, MMOL_L, Look(), "low"), (3.9, MMOL_L, Look(), "in_range"), (10.0, MMOL_L, Look(), "in_range"),
    (10.1, MMOL_L, Look(), "high"),
    (14.0, MMOL_L, Look(), "very_high"), (LO, MMOL_L, Look(), "low"), (HI, MMOL_L, Look(), "very_high"),
    # As typed: 70 mg/dL is no low, though it is 3.8889 mmol/L.
    (70, MG_DL, Look(), "in_range"), (69, MG_DL, Look(), "low"), (7.9, MMOL_L, Look(pregnant=True), "high"),
])
def test_a_reading_has_the_mark_of_its_state(value, unit, look, state):
    drawn = days([told(1, 8, value, unit=unit)], look)
    assert {name: shapes(drawn, name) for name in STATES} == {name: int(name == state) for name in STATES}


def test_every_reading_of_a_fortnight_is_drawn_and_counted_in_words():
    drawn = days(fortnight())
    counts = {state: shapes(drawn, state) for state in STATES}
    assert sum(counts.values()) == len(fortnight()) == 114
    told_in_words = ET.fromstring(drawn).find(f"{SVG}desc").text
    for state, word in (("in_range", "之间"), ("high", "偏高"), ("very_high", "明显偏高"), ("low", "偏低")):
        assert f"{word} {counts[state]} 次" in told_in_words
    assert "共 114 次读数" in told_in_words
    assert {"LO", "HI"} <= set(texts(drawn))


def test_the_lowest_readings_have_their_number_and_no_number_covers_another():
    drawn = ET.fromstring(days(fortnight()))
    numbers = [node for node in drawn.iter(f"{SVG}text") if node.get("paint-order")]
    assert 2 <= len(numbers) <= MOST_NUMBERS
    boxes = [(float(node.get("x")), float(node.get("y"))) for node in numbers]
    for place, (x, y) in enumerate(boxes):
        assert all(abs(x - other_x) > 14 or abs(y - other_y) > 10 for other_x, other_y in boxes[:place])


def test_in_a_day_every_reading_has_its_number_in_the_persons_unit():
    readings = [told(0, 7, 6, "fasting"), told(0, 9.5, 150, "after_breakfast", MG_DL), told(0, 20, 3.0, "after_dinner")]
    in_mmol = one_day(readings, [], [], FIRST, SHANGHAI, Look())
    assert {"6.0", "8.3", "3.0"} <= set(texts(in_mmol))
    in_mg = one_day(readings, [], [], FIRST, SHANGHAI, Look(unit=MG_DL))
    assert {"108", "150", "54"} <= set(texts(in_mg))
    assert {"70", "180"} <= set(texts(in_mg))


def test_what_was_eaten_and_done_stands_below_the_readings():
    events = [Event("meal", told(0, 7, 5).at), Event("meal", told(0, 12, 5).at), Event("exercise", told(0, 19, 5).at, 45)]
    told_in_words = ET.fromstring(one_day([], [], events, FIRST, SHANGHAI, Look())).find(f"{SVG}desc").text
    assert "2 餐，运动 45 分钟" in told_in_words


def test_the_modal_day_shows_how_often_and_the_median_of_each_slot():
    readings = [told(day, 7, value, "fasting") for day, value in enumerate((5.0, 6.0, 9.0))] + [told(0, 3, LO, "night")]
    shown = texts(modal_day(readings, FIRST, FIRST + dt.timedelta(days=2), Look()))
    assert {"6.0", "3次", "LO", "1次"} <= set(shown)
    assert shown.count("0次") == 6
    assert "4次 · mmol/L" in shown, "how many readings the picture is of"
    assert NOTHING in texts(modal_day([told(0, 7, 6.0)], FIRST, FIRST, Look())), "a random reading has no place in the day"


def test_a_sensor_is_a_line_that_breaks_where_it_was_silent():
    steady = [told(0, minute / 60, 6.0 + minute / 600) for minute in range(0, 600, 15)]
    silent = [one for one in steady if not 5 <= (one.at - steady[0].at).total_seconds() / 3600 < 7]
    lines = [len(re.findall("<polyline", one_day([], each, [], FIRST, SHANGHAI, Look()))) for each in (steady, silent)]
    assert lines == [2, 3], "the legend's is one of them"
    assert "动态" in texts(one_day([], steady, [], FIRST, SHANGHAI, Look()))
    assert "动态" not in texts(days([]))
    assert len(days([], traced=[told(minute // 1440, minute % 1440 / 60, 7) for minute in range(0, 14 * 1440, 5)])) < 30_000


def test_a_day_with_an_hour_more_keeps_to_its_edges():
    at = dt.datetime(2026, 10, 25, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    late = Told(uuid.uuid4(), at.astimezone(dt.UTC), at.date(), "bedtime", None, Reading(Decimal(6), MMOL_L))
    drawn = ET.fromstring(one_day([late], [], [], at.date(), "Europe/Berlin", Look()))
    assert [float(node.get("cx")) <= 375 - 10 for node in drawn.iter(f"{SVG}circle")] == [True, True], "the mark and the legend's"


def test_the_modal_day_of_a_sensor_alone_shows_ranges_and_no_single_values():
    traced = [told(day, hour / 4, 5 + hour % 24 / 4, "after_lunch") for day in range(3) for hour in range(48, 60)]
    svg = modal_day([], FIRST, FIRST + dt.timedelta(days=2), PHONE, traced)
    assert {shapes(svg, state) for state in STATES} == {0}
    assert {"36点", "动态"} <= set(texts(svg))
    assert NOTHING not in texts(svg)
    mixed = modal_day([told(0, 14, 6, "after_lunch")], FIRST, FIRST, PHONE, traced)
    assert "1次" in texts(mixed)
    assert "动态" not in texts(mixed)
