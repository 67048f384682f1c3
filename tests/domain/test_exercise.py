"""Exercise: which activity is meant, and the energy it takes."""

import pytest

from server.domain import exercise


@pytest.mark.parametrize(("said", "name"), [
    ("遛弯儿", "散步（慢）"), ("晚饭后快走", "快走"), ("打八段锦", "太极拳"),
    ("跳广场舞", "广场舞"), ("交谊舞", "交谊舞"), ("带孙子", "带孩子"),
    ("跑步", "慢跑"), ("水中走", "水中健身操"), ("快步走", "快走"), ("走走", "散步（慢）")])
def test_an_activity_goes_by_what_people_call_it(said, name):
    assert exercise.activity_of(said).name == name


@pytest.mark.parametrize(("said", "name"), [
    ("走亲戚", None), ("走访邻居", None), ("没走路", None), ("今天没去跑步", None), ("不想走路", None), ("没怎么走", None),
    ("没走路，游泳30分钟", "游泳"), ("走亲戚，路上走了一万步", "走路"), ("不停地走", "走路"), ("没事走走", "散步（慢）")])
def test_what_was_not_done_and_what_only_sounds_like_it_is_no_exercise(said, name):
    activity = exercise.activity_of(said)
    assert (activity and activity.name) == name


def test_energy_is_met_times_weight_times_hours():
    told = exercise.energy("快走", 30, "medium", 60.0)
    assert (told["met"], told["energy_kcal"], told["energy_net_kcal"], told["weight_assumed"]) == (4.3, 129, 99, False)


def test_who_gave_no_weight_is_told_that_one_was_assumed():
    told = exercise.energy("太极", 60, "low", None)
    assert (told["energy_kcal"], told["weight_kg"], told["weight_assumed"]) == (195, 65.0, True)


def test_an_activity_nobody_lists_goes_by_how_hard_it_was():
    assert [exercise.energy("抖空竹", 60, intensity, 60.0)["met"] for intensity in ("low", "medium", "high")] == [2.5, 4.0, 7.0]
    assert exercise.energy("抖空竹", 60, "low", 60.0)["met_of"] is None


def test_no_activity_takes_less_than_rest():
    assert all(1 <= activity.met <= 12 and activity.code.isdigit() for activity in exercise.ACTIVITIES)
