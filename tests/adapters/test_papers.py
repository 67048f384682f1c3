"""Papers as they are printed: every character is drawn, in fonts that travel with the paper."""

import io
import os
import signal

import pytest
from pdfminer.high_level import extract_text
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.psparser import LIT
from PIL import Image

from server.adapters.papers import PaperFailed, Papers
from server.adapters.press import MISSING

NAMES = ["王", "王𬱖", "欧阳䶮", "田𠮷", "阿卜杜拉·买买提", "上官" * 15, "Ann-Sophie O'Neill", "é ñ ü", "\U00030edd"]
TOLD = {"number": "TY26-7K3M-Q9XR-58", "issuer": "示范医院内分泌科", "camp": "春季控糖营", "camp_days": 28, "class": "晨光班",
        "level": "优秀", "complete_days": 26, "starts_on": "2026年3月2日", "ends_on": "2026年3月29日",
        "issued_on": "2026年3月30日", "signatories": [{"name": "李医生", "title": "内分泌科主任"}],
        "qr_of": "https://camp.example.org/c/TY26-7K3M-Q9XR-58"}


class _Glyphs(PDFTextDevice):
    """Collects the number of every glyph that is drawn. Number 0 is the box of a font that lacks the character."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.drawn: list[int] = []

    def render_string(self, textstate, seq, ncs, graphicstate):
        """Every glyph of one string, as the font numbers them."""
        for part in seq:
            if isinstance(part, bytes):
                self.drawn += textstate.font.decode(part)


@pytest.fixture(scope="module")
def papers():
    made = Papers()
    yield made
    made.close()


def told(name: str) -> dict:
    return {**TOLD, "name": name, "name_width": 2 * len(name)}


def glyphs_and_fonts(pdf: bytes) -> tuple[list[int], list[dict]]:
    manager, fonts = PDFResourceManager(), []
    device = _Glyphs(manager)
    interpreter = PDFPageInterpreter(manager, device)
    for page in PDFPage.get_pages(io.BytesIO(pdf)):
        interpreter.process_page(page)
        for font in page.resources["Font"].values():
            fonts += [descendant.resolve() for descendant in font.resolve()["DescendantFonts"]]
    return device.drawn, fonts


@pytest.mark.parametrize("name", NAMES)
def test_every_glyph_of_a_name_is_drawn_in_an_embedded_font(papers, name):
    pdf = papers.pdf("certificate", told(name))
    drawn, fonts = glyphs_and_fonts(pdf)
    assert len(drawn) > 100
    assert 0 not in drawn
    assert fonts
    for font in fonts:
        descriptor = font["FontDescriptor"].resolve()
        assert {"FontFile2", "FontFile3"} & set(descriptor), font["BaseFont"]
        assert descriptor.get("Type", LIT("FontDescriptor")) == LIT("FontDescriptor")
    assert name.replace(" ", "") in extract_text(io.BytesIO(pdf)).replace(" ", "").replace("\n", "")


def test_a_character_that_no_font_has_is_marked_and_never_a_box(papers):
    pdf = papers.pdf("certificate", told("王\u0f40"))
    drawn, _ = glyphs_and_fonts(pdf)
    assert 0 not in drawn
    assert f"王{MISSING}" in extract_text(io.BytesIO(pdf))


def test_a_picture_beside_a_name_is_left_out(papers):
    pdf = papers.pdf("certificate", told("小飞😀👍🏽❤️1️⃣"))
    drawn, _ = glyphs_and_fonts(pdf)
    said = extract_text(io.BytesIO(pdf))
    assert 0 not in drawn
    assert "小飞" in said
    assert MISSING not in said


def test_the_paper_is_one_page_of_a4_across(papers):
    pages = list(PDFPage.get_pages(io.BytesIO(papers.pdf("certificate", told("陈桂兰")))))
    assert [tuple(round(edge) for edge in page.mediabox) for page in pages] == [(0, 0, 842, 595)]


def test_the_picture_is_1080_pixels_wide(papers):
    picture = Image.open(io.BytesIO(papers.png("share", told("陈桂兰"))))
    assert (picture.format, picture.size) == ("PNG", (1080, 1440))


def test_a_paper_that_cannot_be_set_does_not_stop_the_press(papers):
    with pytest.raises(PaperFailed):
        papers.pdf("certificate", {"name": "没有别的"})
    assert papers.pdf("certificate", told("陈桂兰")).startswith(b"%PDF")


def test_a_press_that_was_killed_is_replaced(papers):
    papers.pdf("certificate", told("陈桂兰"))
    os.kill(papers._press.pid, signal.SIGKILL)
    papers._press.wait()
    assert papers.pdf("certificate", told("陈桂兰")).startswith(b"%PDF")
