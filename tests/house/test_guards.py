"""Every route says who may call it and what it takes and gives; every use case asks before it acts."""

import ast
import functools
import json

from server.api.contract import PUBLIC, SIGNED_IN
from server.services import work
from tests.house.source import Module, calls_of, decorators, modules, within

# Routes that are no operation of the interface: is the server alive, and the interface described.
PAGES = {"pages.alive", "pages.ready", "pages.certificate", "docs.openapi", "docs.page"}
OPEN_TO_ANYBODY = {"session.start", "session.refresh", "classes.by_code", "certificates.check", "certificates.keys",
                   "certificates.public_key", "alerts.cards", "dev.set_clock", "dev.run_due", "dev.outbox"}
# An id in the path whose body must be read before it is known whether the caller may: an admin may give a role to
# anybody whose id they hold, so the permission lies in the scope that the body names.
# A reward is redeemed by who it is for, which is asked with its points and its stock.
NO_DOOR = {"people.grant_role", "rewards.redeem"}

UNITS_OF_WORK = {"work.reads", "work.writes"}
CARRIERS = {"work", "trail", "outbox", "books", "reach", "doors", "alarms"}
ASKS_NOBODY = {
    # Who signs in is nobody yet; what they hold is the proof.
    "session.start", "session.refresh",
    # The unit of work itself has asked whether the sign-in is alive; there is nothing else to reach.
    "session.check_alive",
    # The same for everyone who is signed in, or for everyone at all.
    "camps.templates", "classes.by_code", "consents.documents", "lessons.show", "health.check_ready",
    "certificates.check", "certificates.keys", "certificates.public_key", "alerts.cards",
    # The clock asks, not a person.
    "due.finish_camps", "due.sweep_photos", "due.run", "certificates.issue_due",
    "certificates.issue_batch", "certificates.run_exports", "rewards.release_overdue", "questions.chase",
    # Whoever holds the machine: development aids, the command line, the first start.
    "dev.set_clock", "dev.outbox", "programme.create_organisation", "programme.name_owner", "programme.members",
    "programme.recount", "certificates.export_by_hand", "programme.camps", "programme.recount_scores", "seeds.sow",
}


@functools.cache
def closure(module: str, function: str) -> frozenset[tuple[str, str]]:
    """A services function with every one of the same word that it calls, directly or not. The carriers are not entered."""
    found, waiting = set(), [(module, function)]
    while waiting:
        here = waiting.pop()
        home = modules().get(here[0])
        if here in found or home is None or home.layer != "services" or here[1] not in home.functions:
            continue
        found.add(here)
        waiting += [called for called in calls_of(home, home.functions[here[1]]) if word_of(called[0]) not in CARRIERS]
    return frozenset(found)


def word_of(module: str) -> str:
    """The word that a services module belongs to."""
    return module.split(".")[2] if module.count(".") >= 2 else ""


def node_of(place: tuple[str, str]) -> ast.FunctionDef:
    """The function's own tree."""
    return modules()[place[0]].functions[place[1]]


def asks(node: ast.AST) -> bool:
    """Whether a body asks: by access.require, by a reach that requires, or by confining itself to the caller's own."""
    reaches = {name for name, function in modules()["server.services.reach"].functions.items()
               if "access.require(" in ast.unparse(function) or "_require_in_camp(" in ast.unparse(function)}
    written = {ast.unparse(n) for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    return bool(written & {"access.require", "call.actor_id", *(f"reach.{name}" for name in reaches)})


def is_unit_of_work(place: tuple[str, str]) -> bool:
    """Whether a function is one transaction."""
    return bool(decorators(node_of(place)) & UNITS_OF_WORK)


def takes_call(node: ast.FunctionDef) -> bool:
    """Whether a function is handed the request: then it is a use case and no mere view."""
    return "call" in [argument.arg for argument in node.args.args]


def use_cases() -> set[tuple[str, str]]:
    """The public functions of services that are handed a request and make it a unit of work, directly or below."""
    return {(module.name, name) for module in within("services") if word_of(module.name) not in {*CARRIERS, ""}
            for name, node in module.functions.items()
            if not name.startswith("_") and takes_call(node)
            and any(map(is_unit_of_work, closure(module.name, name)))} | {("server.services.dev", "set_clock")}


def routes(module: Module) -> dict[str, ast.FunctionDef]:
    """The operations that a module of the interface declares, by their word and name."""
    return {f"{word_of(module.name)}.{name}": node for name, node in module.functions.items()
            if "word.does" in decorators(node)}


def operations() -> dict[str, tuple[Module, ast.FunctionDef]]:
    """Every declared operation with where it is declared."""
    return {name: (module, node) for module in within("api") for name, node in routes(module).items()}


def contracts(app) -> dict:
    """Every route's contract by its endpoint, None where it has none."""
    return {rule.endpoint: getattr(app.view_functions[rule.endpoint], "contract", None) for rule in app.url_map.iter_rules()}


def test_every_route_is_a_contract(app):
    promised = contracts(app)
    assert {endpoint for endpoint, contract in promised.items() if contract is None} == PAGES
    assert set(promised) - PAGES == set(operations())


def test_every_route_says_who_may_call_it(app):
    promised = {endpoint: contract for endpoint, contract in contracts(app).items() if contract is not None}
    assert {contract.who for contract in promised.values()} == {PUBLIC, SIGNED_IN}
    assert {endpoint for endpoint, contract in promised.items() if contract.who == PUBLIC} == OPEN_TO_ANYBODY


def test_the_published_interface_asks_for_a_token_wherever_the_server_does(app):
    published = json.loads(app.config["TANGYING_OPENAPI"])["paths"]
    said = {operation["operationId"]: operation["security"] for path in published.values()
            for method, operation in path.items() if isinstance(operation, dict) and "operationId" in operation}
    assert set(said) == set(contracts(app)) - PAGES
    assert {name for name, security in said.items() if security == []} == OPEN_TO_ANYBODY


def test_a_stranger_learns_nothing_from_a_refused_body(app):
    doorless = set()
    for rule in app.url_map.iter_rules():
        contract = contracts(app)[rule.endpoint]
        if contract is not None and rule.arguments and contract.takes is not None and contract.door is None:
            doorless.add(contract.operation)
    assert doorless == NO_DOOR


def test_every_operation_calls_use_cases_that_are_units_of_work():
    faults = []
    for name, (module, node) in operations().items():
        called = {place for place in calls_of(module, node) if place[0].startswith("server.services.")}
        called -= {place for place in called if place[1] not in modules()[place[0]].functions}
        # The clock of the development aids is a file: there is no transaction to make of it.
        if name != "dev.set_clock" and (not called or not all(any(map(is_unit_of_work, closure(*c))) for c in called)):
            faults.append((name, called))
    assert faults == []


def test_a_unit_of_work_is_made_by_the_one_decorator(app):
    del app
    assert {work.reads.__name__, work.writes.__name__} == {mark.removeprefix("work.") for mark in UNITS_OF_WORK}
    marked = {place for place in use_cases() if is_unit_of_work(place)}
    assert len(marked) > 40
    for module, name in marked:
        assert node_of((module, name)).args.args[0].arg == "session", (module, name)


def test_every_use_case_asks_permission():
    silent = {f"{word_of(module)}.{name}" for module, name in use_cases()
              if not any(asks(node_of(place)) for place in closure(module, name))}
    assert silent == ASKS_NOBODY
