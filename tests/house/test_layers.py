"""What may import what. A ring or a shortcut between layers is found here before it is found in a year."""

import ast
import graphlib

from tests.house.source import modules, place, within

# Each layer, and what of ours it may import besides itself. `clock` and `config` are leaves that anybody below the
# routes may know: the types of what the composition root hands in live there.
MAY_IMPORT = {
    "domain": set(),
    "clock": set(),
    "config": set(),
    "adapters": {"domain", "clock"},
    "models": {"domain"},
    "services": {"models", "adapters", "domain", "clock", "config"},
    "api": {"services", "domain"},
    "console": {"services", "domain"},
    "jobs": {"services", "domain"},
    "commands": {"services", "domain"},
    "app": {"commands", "api", "console", "jobs", "services", "models", "adapters", "domain", "clock", "config"},
    "prepare": {"app", "config", "services"},
    "serve": {"config"},
    "gunicorn_config": {"config"},
    "clerk": {"app", "jobs"},
    "check_certificate": {"adapters", "domain"},
    "migrations": {"models"},
}
# Services that carry the others: the unit of work, the audit record, messages, the books, permission, the doors, and the
# alarms: a danger is judged in the transaction that files it, whichever word that is.
SHARED = {"work", "trail", "outbox", "books", "reach", "doors", "alarms"}
# doors asks of every word whether its thing may be known at all; its own rule stands with the word. What the clock asks
# for stands with its word too.
REACHES_OF_WORDS = {("server.services.doors", "server.services.entries.changing"),
                    ("server.services.doors", "server.services.certificates.rows"),
                    ("server.services.doors", "server.services.purchases"),
                    ("server.services.doors", "server.services.measurements"),
                    ("server.services.doors", "server.services.rewards.redeeming"),
                    ("server.services.doors", "server.services.rewards.rows"),
                    ("server.services.doors", "server.services.questions.reaching"),
                    ("server.services.due", "server.services.questions"),
                    ("server.services.due", "server.services.rewards.redeeming"),
                    ("server.services.doors", "server.services.alerts"),
                    ("server.services.due", "server.services.certificates.issuing"),
                    ("server.services.due", "server.services.certificates.exporting")}


def test_a_layer_imports_only_what_lies_below_it():
    faults = [f"{module.name} imports {name}" for module in modules().values() for name in module.own_imports
              if name.split(".")[1] not in MAY_IMPORT[module.layer] | {module.layer}]
    assert faults == []


def test_the_settings_and_the_clock_import_nothing_of_ours():
    assert [(m.name, m.own_imports) for m in within("config", "clock") if m.own_imports] == []


def test_a_migration_stands_by_itself_whatever_becomes_of_the_models():
    versions = [module for module in within("migrations") if ".versions." in module.name]
    assert versions
    assert [module.name for module in versions if module.own_imports] == []


def test_services_of_different_words_never_import_each_other():
    crossings = set()
    for module in within("services"):
        for name in module.own_imports:
            theirs = name.split(".")[2:3]
            if name.startswith("server.services.") and theirs != module.name.split(".")[2:3] and theirs[0] not in SHARED:
                crossings.add((module.name, name))
    assert crossings == REACHES_OF_WORDS


def test_no_ring_of_imports_hides_anywhere():
    graph = {module.name: module.own_imports - {module.name} for module in modules().values()}
    # A package and a module inside it hand names on to one another by design; a package is no node of a ring of its own.
    graph = {name: {n for n in needed if not n.startswith(f"{name}.")} for name, needed in graph.items()}
    graphlib.TopologicalSorter(graph).prepare()


def test_nothing_is_imported_inside_a_function():
    hidden = [place(module, inner) for module in modules().values()
              for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
              for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
    assert hidden == []


def test_every_word_has_one_name_in_the_interface_and_the_services():
    words = {module.name.split(".")[2] for module in within("api") for node in module.tree.body
             if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "word"}
    services = {m.name.split(".")[2] for m in within("services") if m.name.count(".") >= 2}
    assert len(words) > 10
    assert words - services == set()
