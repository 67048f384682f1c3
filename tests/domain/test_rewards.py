"""What may stand in the catalogue, who reaches it, and what may be said in public."""

import datetime as dt

import pytest

from server.domain import rewards
from server.domain.refusals import Refusal


def refused(act, *given, **more) -> str | None:
    """The code of the refusal, None when it passes."""
    try:
        act(*given, **more)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize(("name", "code"), [
    ("保温杯", None), ("血糖试纸 50 条", None), ("七天药盒", None), ("胰岛素冷藏包", None), ("厨房秤", None), ("药店券", None),
    ("二甲双胍缓释片", "reward_medicine"), ("胰岛素笔芯", "reward_medicine"), ("降糖药", "reward_medicine"),
    ("阿卡波糖", "reward_medicine"), ("恩格列净", "reward_medicine"), ("司美格鲁肽", "reward_medicine"),
    ("ＭＥＴＦＯＲＭＩＮ", "reward_medicine"), ("中 药 包", "reward_medicine"), ("降糖茶", "reward_medicine"),
    ("诺和锐", "reward_medicine"), ("保健品礼盒", "reward_medicine"), ("胰岛素笔袋", None),
    ("Metformin", "reward_medicine"), ("药盒与降糖药", "reward_medicine")])
def test_no_medicine_stands_in_the_catalogue(name, code):
    assert refused(rewards.check_offer, name, "patient", "gift", 100, None, agreement=False) == code


@pytest.mark.parametrize(("form", "points", "stage", "agreement", "code"), [
    ("thanks", 0, None, False, None), ("certificate", 0, None, False, None), ("gift", 0, None, True, None),
    ("gift", 0, None, False, "doctor_agreement_needed"), ("thanks", 1, None, True, "doctor_not_scored"),
    ("thanks", 0, "habit", True, "doctor_not_scored")])
def test_a_doctor_is_thanked_and_never_scored(form, points, stage, agreement, code):
    assert refused(rewards.check_offer, "感谢信", "doctor", form, points, stage, agreement=agreement) == code


def test_an_agreement_holds_to_its_last_day():
    agreement = {"number": "A1", "valid_until": "2026-03-31"}
    assert rewards.agreement_in_force(agreement, dt.date(2026, 3, 31))
    assert not rewards.agreement_in_force(agreement, dt.date(2026, 4, 1))
    assert not rewards.agreement_in_force(None, dt.date(2026, 3, 1))


@pytest.mark.parametrize(("stage", "days", "graduated", "reached"), [
    (None, 0, False, True), ("start", 0, False, True), ("habit", 6, True, False), ("habit", 7, False, True),
    ("change", 21, False, True), ("graduate", 21, False, False), ("graduate", 21, True, True), ("graduate", 28, False, True)])
def test_a_stage_is_reached_by_days(stage, days, graduated, reached):
    assert rewards.has_reached(stage, days, graduated=graduated) is reached


def test_points_are_spent_until_180_days_after_the_camp():
    ends = dt.date(2026, 3, 29)
    assert refused(rewards.check_redeemable, ends, dt.date(2026, 9, 25)) is None
    assert refused(rewards.check_redeemable, ends, dt.date(2026, 9, 26)) == "points_expired"


def test_a_relatives_deeds_are_worth_what_is_published():
    assert rewards.family_points({"cheer": 4, "look": 10}) == 4 * 3 + 10 * 2
    assert rewards.family_points({}) == 0


@pytest.mark.parametrize("words", [
    "空腹血糖从 9 降到 6", "测出 5.6mmol/L", "糖化 6.5", "血糖六点一", "三个月逆转糖尿病", "彻底治愈了",
    "成功停药", "买了某牌血糖仪", "用这款代餐", "试纸优惠"])
def test_public_praise_carries_no_reading_no_product_and_no_claim(words):
    assert refused(rewards.check_story, words) == "story_unfit"


@pytest.mark.parametrize("words", ["连续 28 天打卡，全勤！", "每天散步 6000 步，带动全家", "坚持记录三餐，班里的榜样",
    "第 7 天了，继续加油"])
def test_public_praise_of_what_somebody_did_passes(words):
    assert refused(rewards.check_story, words) is None
