"""Text that is safe to open in a spreadsheet."""

import re
import unicodedata

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection); full-width forms count as well.
_FORMULA = ("=", "+", "-", "@", "|", "%")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def safe_cell(text: str) -> str:
    """The text, told to be text by an apostrophe where a spreadsheet would take it for a formula. A number stays one."""
    if _NUMBER.fullmatch(text):
        return text
    seen = unicodedata.normalize("NFKC", text).lstrip()
    return f"'{text}" if seen.startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else text


def safe_file_name(text: str) -> str:
    """The text as a part of a file's name that every system takes."""
    kept = "".join("_" if letter in '/\\:*?"<>|' or not letter.isprintable() else letter for letter in text)
    return kept.strip(" .")[:60] or "_"
