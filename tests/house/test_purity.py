"""Rules are pure, the time has one reader and a transaction has one end."""

import ast
import re
import sys
from collections.abc import Iterable

from tests.house.source import Module, modules, place, within

# Standard library that reads or changes the world, or brings chance. zoneinfo reads only data that never changes.
IMPURE = {"os", "sys", "io", "time", "random", "secrets", "pathlib", "shutil", "tempfile", "glob", "socket", "ssl", "http",
          "urllib", "subprocess", "threading", "multiprocessing", "asyncio", "concurrent", "queue", "logging", "sqlite3",
          "contextvars", "signal", "platform", "getpass", "builtins", "importlib", "ctypes"}
WORLDLY = re.compile(r"(^|\.)(open|print|input|exec|eval|__import__|uuid1|uuid4)$")
TELLS_TIME = re.compile(r"(^|\.)((datetime|date)\.(now|utcnow|today)|(func|sa)\.(now|current_timestamp|current_date)|"
                        r"time\.\w+|perf_counter|monotonic|time_ns)$")
CLOCK = "server.clock"
UNIT_OF_WORK = "server.services.work"


def named(pattern: re.Pattern[str], among: Iterable[Module]) -> list[str]:
    """Where something so named is called or merely mentioned, since a function may be handed on uncalled."""
    return [place(module, node) for module in among for node in ast.walk(module.tree)
            if isinstance(node, ast.Attribute | ast.Name) and pattern.search(ast.unparse(node))]


def test_a_rule_needs_nothing_but_the_standard_library():
    assert len(within("domain")) > 10
    for module in within("domain"):
        tops = {name.split(".")[0] for name in module.imports}
        assert (module.name, tops - set(sys.stdlib_module_names) - {"server"}) == (module.name, set())
        assert (module.name, tops & IMPURE) == (module.name, set())


def test_a_rule_knows_no_time_no_chance_and_no_world():
    assert named(WORLDLY, within("domain")) == []
    assert named(TELLS_TIME, within("domain")) == []


def test_the_clock_is_the_only_reader_of_time():
    others = [module for module in modules().values() if module.name != CLOCK]
    assert named(TELLS_TIME, others) == []
    assert [module.name for module in others if "time" in module.imports] == []
    assert named(TELLS_TIME, [modules()[CLOCK]])


def test_the_database_tells_no_time_of_its_own():
    written = [(place(module, node), node.value) for module in modules().values() for node in ast.walk(module.tree)
               if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [where for where, text in written if re.search(r"CURRENT_(TIMESTAMP|DATE|TIME)|\bnow\(\)|'now'", text)] == []


def test_the_unit_of_work_holds_the_only_commit():
    commits = {module.name for module in modules().values() for node in ast.walk(module.tree)
               if isinstance(node, ast.Attribute) and node.attr == "commit"}
    # A migration runs before there is any unit of work, on a connection of its own.
    assert commits == {UNIT_OF_WORK, "server.migrations.env"}
    text = modules()[UNIT_OF_WORK].path.read_text("utf-8")
    assert text.count(".commit()") == 1


def test_a_glucose_threshold_stands_in_the_table_of_thresholds_alone():
    written = [place(module, node) for module in modules().values() for node in ast.walk(module.tree)
               if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
               and node.func.attr in ("below", "above", "at_least") and any(isinstance(one, ast.Constant) for one in node.args)]
    assert written == []
