"""The pictures and the doctor's page over the interface: for whom, of which days, and always on one page."""

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTChar, LTContainer
from pdfminer.pdfpage import PDFPage

from server.adapters.press import MISSING
from tests.adapters.test_papers import glyphs_and_fonts
from tests.api.askers import a_class
from tests.api.test_insights import sync
from tests.makers import World, day, entry

TIMES = {"fasting": "06:40", "after_breakfast": "09:05", "before_lunch": "11:30", "after_lunch": "14:00",
         "before_dinner": "17:20", "after_dinner": "20:00", "bedtime": "22:10", "night": "02:30"}
LONG = "阿卜杜热合曼·买买提吐尔逊·依不拉音江·阿布都克里木"


def page_of(pdf: bytes) -> str:
    """The words of the page: there is one, and every letter of it is drawn."""
    assert len(list(PDFPage.get_pages(io.BytesIO(pdf)))) == 1
    drawn, _ = glyphs_and_fonts(pdf)
    assert drawn
    assert 0 not in drawn
    return extract_text(io.BytesIO(pdf))


def letters(pdf: bytes) -> Iterator[LTChar]:
    """Every letter of the page with its place."""
    waiting: list = list(extract_pages(io.BytesIO(pdf)))
    while waiting:
        one = waiting.pop()
        if isinstance(one, LTChar):
            yield one
        elif isinstance(one, LTContainer):
            waiting.extend(one)


def a_fortnight(times: int = 1, **more) -> list[dict]:
    """Readings in every slot, meals and exercise on each of fourteen days."""
    drafts = []
    for number in range(1, 15):
        for place, (slot, time) in enumerate(TIMES.items()):
            for again in range(times):
                at = f"{day(number)}T{time[:3]}{int(time[3:]) % 40 + 4 * again:02d}:00+08:00"
                value = round(3.2 + (5 * number + 3 * place) % 11, 1)
                drafts.append(entry("glucose", at, slot=slot, **({"value": value} | more)))
        for slot in ("breakfast", "lunch", "dinner"):
            drafts.append(entry("meal", f"{day(number)}T12:00:00+08:00", slot=slot, text="杂粮饭 1 碗，清蒸鱼，青菜" * times))
        drafts.append(entry("exercise", f"{day(number)}T19:00:00+08:00", activity="跳广场舞" * times, minutes=40))
    return drafts


def test_fourteen_full_days_stand_on_one_page_with_all_a_doctor_asks(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    ming.ask("PATCH", "/people/me", {"full_name": "欧阳明德", "sex": "male", "birth_on": "1968-05-02", "diabetes_type": "type2",
                                     "diagnosed_on": "2019-03-01", "height_cm": 170, "weight_kg": 72.5,
                                     "treatments": ["oral"], "medicines": ["metformin"]})
    hui.ask("PATCH", "/people/me", {"full_name": "李慧"})
    hui.ask("PUT", f"/people/{ming.id}/targets", {"ranges": {"fasting": {"from_mmol_l": 5.0, "below_mmol_l": 8.0}},
                                                  "hba1c_below_percent": 7.5})
    common = {"measured_on": str(day(1)), "source": "hospital"}
    for results in ({"kind": "hba1c", "percent": 7.4}, {"kind": "foot", "result": "neuropathy", "wagner": 1},
                    {"kind": "kidney", "egfr_ml_min": 88, "albumin_creatinine_mg_g": 22}):
        ming.post("/measurements", {**common, **results})
    world.clock(f"{day(14)}T23:30:00+08:00")
    ming.sign_in()
    sync(ming, [*a_fortnight(), entry("glucose", f"{day(4)}T03:00:00+08:00", value="LO", slot="night"),
                entry("glucose", f"{day(4)}T03:16:00+08:00", value=4.6, slot="night")])
    report = ming.get("/insights/me/report.pdf")
    assert (report.status, report.headers["Content-Type"]) == (200, "application/pdf")
    said = page_of(report.json)
    for words in ("欧阳明德", "57 岁", "2 型", "二甲双胍", "5.0–7.9", "护士", "李慧", "糖化", "7.4%", "低于 7.5%", "神经病变",
                  "UACR 22", "春季营", "晨光班", "平均", "LBGI", "推算糖化", "杂粮饭", "跳广场舞", "餐前餐后", "低血糖", "▼LO",
                  "16 分后 4.6", "14 天里 14 天有手指血", "42 餐", "3/15 日"):
        assert words.replace(" ", "") in said.replace(" ", ""), words


def test_whatever_was_recorded_it_stays_on_one_page(world: World) -> None:
    lin = world.person("lin")
    lin.consent()
    lin.ask("PATCH", "/people/me", {
        "full_name": LONG, "diabetes_type": "gestational", "due_on": "2026-08-01", "glucose_unit": "mg/dL",
        "treatments": ["lifestyle", "oral", "basal_insulin", "premixed_insulin", "intensive_insulin", "pump"],
        "medicines": ["metformin", "sulfonylurea", "glinide", "acarbose", "sglt2", "dpp4", "glp1", "tzd", "steroid", "basal"]})
    world.clock(f"{day(14)}T23:30:00+08:00")
    lin.sign_in()
    sync(lin, a_fortnight(4, unit="mg/dL", value=145))
    said = page_of(lin.get("/insights/me/report.pdf").json)
    assert LONG in said
    assert "mg/dL" in said
    # Four readings in a slot: what cannot stand there is counted.
    assert "+2" in said or "+3" in said
    page_of(lin.get("/insights/me/report.pdf?days=92").json)


def test_neighbours_in_the_table_never_touch(world: World) -> None:
    lin = world.person("lin")
    lin.consent()
    world.clock(f"{day(14)}T23:30:00+08:00")
    lin.sign_in()
    drafts = a_fortnight(5)
    for place, draft in enumerate(one for one in drafts if one["kind"] == "glucose"):
        draft["value"] = "HI" if place % 5 == 1 else round(3.2 + place % 16, 1)
    sync(lin, drafts)
    pdf = lin.get("/insights/me/report.pdf").json
    # Margin, the column of days, and nine slots of 11.6 mm; half a millimetre on either side stays free.
    edges = [(10 + 13.6 + 11.6 * number) * 72 / 25.4 for number in range(1, 9)]
    small = [letter for letter in letters(pdf) if letter.size < 7 and letter.get_text().strip()
             and edges[0] - 34 < letter.x0 < edges[-1] + 34 and 250 < letter.y0 < 500]
    assert len(small) > 1000
    near = [one.get_text() for one in small for edge in edges if one.x0 < edge + 1.4 and one.x1 > edge - 1.4]
    assert near == []


def test_an_empty_page_says_that_there_is_nothing(world: World) -> None:
    fei = world.person("fei")
    fei.ask("PATCH", "/people/me", {"nickname": "小飞😀"})
    said = page_of(fei.get("/insights/me/report.pdf").json)
    assert MISSING not in said
    for words in ("还没有读数", "没有成对的餐前、餐后读数", "没有记录", "0 天有手指血"):
        assert words.replace(" ", "") in said.replace(" ", "")


@pytest.mark.parametrize("view", ["day", "days", "modal"])
def test_a_trend_is_a_picture_of_its_own(world: World, view: str) -> None:
    ming = world.person("ming")
    ming.consent()
    ming.file("glucose", value=6.1, slot="fasting")
    ming.file("meal")
    answer = ming.get(f"/insights/me/trend.svg?view={view}&days=14")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "共 1 次读数" in ET.fromstring(answer.json).find("{http://www.w3.org/2000/svg}desc").text
    assert ming.get(f"/insights/me/trend.svg?view={view}", If_None_Match=answer.headers["ETag"]).status == 304
    assert b"<script" not in answer.json


def test_pictures_and_page_are_for_whoever_may_read_the_readings_and_leave_a_trail(world: World) -> None:
    _, ming, hui, lan = a_class(world)
    for path, refused in (("trend.svg", 404), ("report.pdf", 404)):
        asked = f"/insights/me/{path}?person_id={ming.id}"
        assert hui.get(asked).status == 200
        assert [who.get(asked).status for who in (lan, world.person("fei"))] == [refused, refused]
        assert world.admin.get(asked).status == 403
    ming.get("/insights/me/report.pdf")
    looks = world.admin.get(f"/audit?about=person:{ming.id}")["items"]
    assert sorted((one["verb"], one["actor_id"]) for one in looks if one["verb"].startswith("insights")) == sorted([
        ("insights.read", hui.id), ("insights.report", hui.id), ("insights.report", ming.id)])


def test_a_picture_of_more_days_than_it_can_show_is_refused(world: World) -> None:
    ming = world.person("ming")
    for query, status in (("days=92", 200), ("days=93", 409), ("view=week", 422), ("from=2026-03-05&to=2026-03-01", 409)):
        assert ming.get(f"/insights/me/trend.svg?{query}").status == status, query
    assert ming.get("/insights/me/report.pdf?days=93").code == "window_too_long"
