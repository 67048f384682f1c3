"""The table at the end of scripts/test: how many tests ran on what, counted from the runners' own reports.

`python -m tests.tally FOLDER` reads every `NN-name.xml` (JUnit) with its `.code` (exit code) and `.seconds` there.
"""

import collections
import pathlib
import sys
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

OUTCOMES = ("passed", "failed", "skipped")
_OUTCOME_OF = {"failure": "failed", "error": "failed", "skipped": "skipped"}


def count(report: pathlib.Path) -> collections.Counter[str]:
    """How many tests of a report passed, failed and were skipped; all 0 when there is no report."""
    if not report.exists():
        return collections.Counter()
    try:
        cases = ElementTree.parse(report).iter("testcase")
    except ElementTree.ParseError:
        # The runner was torn off while writing; its exit code says the rest.
        return collections.Counter()
    return collections.Counter(_outcome(case) for case in cases)


def _outcome(case: ElementTree.Element) -> str:
    return next((_OUTCOME_OF[part.tag] for part in case if part.tag in _OUTCOME_OF), "passed")


def main(folder: pathlib.Path) -> int:
    """The exit code of the whole: 0 when every run ended well and no test failed. Prints the table and the totals."""
    table = Table("测试")
    for heading in ("通过 passed", "失败 failed", "跳过 skipped", "用时"):
        table.add_column(heading, justify="right")
    table.add_column("结果")
    total: collections.Counter[str] = collections.Counter()
    all_well = True
    for code_file in sorted(folder.glob("*.code")):
        counted = count(code_file.with_suffix(".xml"))
        well = code_file.read_text().strip() == "0" and not counted["failed"]
        # A check like ruff has no report and counts nothing.
        numbers = [str(counted[o]) for o in OUTCOMES] if counted else ["–"] * len(OUTCOMES)
        seconds = code_file.with_suffix(".seconds").read_text().strip()
        table.add_row(code_file.stem.partition("-")[2], *numbers, f"{seconds} s", "好" if well else "[red]没通过[/red]")
        total += counted
        all_well = all_well and well
    Console(width=None if sys.stdout.isatty() else 100).print(table)
    print("全部通过。" if all_well else "有没通过的，请往上翻。Something failed.")
    skipped = f", {total['skipped']} skipped" if total["skipped"] else ""
    print(f"{total['passed']} passed, {total['failed']} failed{skipped}")
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
