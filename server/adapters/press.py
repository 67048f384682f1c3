"""The press itself: a process of its own that sets papers with typst, one after the other.

A line of JSON comes in on standard input: {"template", "format", "facts"}. Out goes the length in 8 bytes, then the
paper; a length of zero says that it could not be set, and the reason is on standard error. It ends with its input.
"""

import functools
import importlib.util
import io
import json
import pathlib
import sys
import traceback
import unicodedata
from typing import Any

import segno
import typst
from fontTools.ttLib import TTFont

PAPERS = pathlib.Path(__file__).resolve().parent.parent / "papers"
FONT_PACKAGES = ("pylopdf_fonts_zh_cn", "pylopdf_fonts_cjk")
FONT_FILES = (".ttf", ".otf")
# Shown where no font has the character: the printers' own sign for it (GETA MARK), never an empty box.
MISSING = "〓"
# Pictures, their modifiers and what is invisible are left out instead: a heart beside a name is no letter of it.
LEFT_OUT = frozenset(("So", "Sk", "Cf", "Co", "Cn", "Cs", "Mn", "Me"))
# A picture is set in points and printed at one pixel a point.
PICTURE_PPI = 72


class Press:
    """Sets papers with the shipped fonts and those of one more folder."""

    def __init__(self, fonts_dir: str | None = None) -> None:
        folders = [_folder(package) for package in FONT_PACKAGES] + ([pathlib.Path(fonts_dir)] if fonts_dir else [])
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        faces = [face for folder in folders for face in _faces(folder)]
        self._drawn = frozenset().union(*(set(face.getBestCmap() or ()) for face in faces))
        # Families of the added folder stand behind the shipped ones: they fill what those lack.
        self._more = sorted({face["name"].getBestFamilyName() for face in _faces(folders[-1])}) if fonts_dir else []

    def set(self, template: str, form: str, facts: dict[str, Any]) -> bytes:
        """The paper as PDF, or as PNG of one pixel a point. Raises typst.TypstError."""
        told = self._drawable(facts) | {"more_fonts": self._more}
        if "qr_of" in told:
            told["qr"] = _qr(facts["qr_of"])
        return self._compiler(template).compile(
            format=form, sys_inputs={"facts": json.dumps(told, ensure_ascii=False)},
            **({"ppi": PICTURE_PPI} if form == "png" else {}))

    @functools.cache  # noqa: B019 one press lives as long as its process
    def _compiler(self, template: str) -> typst.Compiler:
        return typst.Compiler(PAPERS / f"{template}.typ", font_paths=self._fonts)

    def _drawable(self, told: Any) -> Any:
        """The same facts without pictures, and with MISSING in place of letters, that no font has."""
        if isinstance(told, str):
            return "".join(letter if ord(letter) in self._drawn or letter == "\n" else _in_place_of(letter) for letter in told)
        if isinstance(told, list):
            return [self._drawable(one) for one in told]
        if isinstance(told, dict):
            return {key: value if key.endswith("svg") else self._drawable(value) for key, value in told.items()}
        return told


def _in_place_of(letter: str) -> str:
    return "" if unicodedata.category(letter) in LEFT_OUT else MISSING


def _folder(package: str) -> pathlib.Path:
    """Where a font wheel keeps its files."""
    return pathlib.Path(importlib.util.find_spec(package).origin).parent


def _faces(folder: pathlib.Path) -> list[TTFont]:
    return [TTFont(path, lazy=True) for path in sorted(folder.rglob("*")) if path.suffix.lower() in FONT_FILES]


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m", boost_error=False).save(drawn, kind="svg", border=2, dark="#26323a", xmldecl=False,
                                                        svgclass=None, lineclass=None)
    return drawn.getvalue().decode()


def main(fonts_dir: str | None) -> None:
    """Set what is asked until the input ends."""
    press = Press(fonts_dir)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            paper = press.set(asked["template"], asked["format"], asked["facts"])
        except Exception:  # noqa: BLE001 one paper that cannot be set must not stop the press
            traceback.print_exc()
            paper = b""
        sys.stdout.buffer.write(len(paper).to_bytes(8, "big") + paper)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
