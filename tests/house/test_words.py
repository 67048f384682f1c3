"""One word in every place: codes, settings, the interface and its client say the same."""

import ast
import json
import re
import subprocess

from server.api.problems import CONTENT_TYPE, STATUSES
from server.config import SETTINGS
from server.domain.refusals import REFUSALS
from tests import nodejs
from tests.house.source import ROOT, modules, place, within

CHINESE = re.compile(r"[\u4e00-\u9fff]")
REFUSED = {status for status, _ in STATUSES.values()}
PROBLEM = {"type", "title", "status", "code", "detail", "request_id"}


def refused_codes() -> dict[str, str]:
    """Every code that is written where a refusal is raised or promised, with where."""
    found = {}
    for module in modules().values():
        for node in ast.walk(module.tree):
            codes: list[ast.AST] = []
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Refusal") and node.args:
                codes = [node.args[0]]
            elif isinstance(node, ast.keyword) and node.arg == "refusals":
                codes = [node.value]
            for code in codes:
                found |= {constant.value: place(module, constant) for constant in ast.walk(code)
                          if isinstance(constant, ast.Constant) and isinstance(constant.value, str)}
    return found


def test_every_refusal_raised_or_promised_has_its_meaning():
    assert {code: where for code, where in refused_codes().items() if code not in REFUSALS} == {}


def test_every_meaning_is_said_somewhere():
    said = {node.value for module in modules().values() if module.name != "server.domain.refusals"
            for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert set(REFUSALS) - said == set()


def test_every_meaning_has_a_kind_and_a_sentence_for_each_language():
    for code, meaning in REFUSALS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
        assert meaning.kind in STATUSES, code
        assert code == "glucose_implausible" or CHINESE.search(meaning.chinese), code
        assert code == "glucose_implausible" or not CHINESE.search(meaning.english), code


def test_only_the_problems_know_the_status_of_a_refusal():
    elsewhere = [place(module, call) for module in within("api", "services", "app", "commands", "jobs")
                 if module.name != "server.api.problems" for call in ast.walk(module.tree) if isinstance(call, ast.Call)
                 for given in [*call.args, *(keyword.value for keyword in call.keywords if "status" in (keyword.arg or ""))]
                 if isinstance(given, ast.Constant) and given.value in REFUSED and not ast.unparse(call.func).endswith("Text")]
    assert elsewhere == []


def test_every_refusal_has_one_shape(world):
    person = world.person("ming")
    answers = [
        (404, world.ask("GET", "/nothing-here")),
        (405, world.ask("PUT", "/session", {})),
        (401, world.ask("GET", "/people/me")),
        (401, world.ask("GET", "/people/me", token="not.a.token")),
        (400, person.ask("POST", "/consents", None)),
        (400, world.ask("POST", "/session", raw=b"{")),
        (413, world.ask("POST", "/session", raw=b'"' + b"a" * 300_000 + b'"')),
        (422, world.ask("POST", "/session", {"code": 7})),
        (422, world.ask("POST", "/session", {"code": "dev:ming", "role": "admin"})),
        (404, person.get("/camps/00000000-0000-4000-8000-000000000000")),
        (403, person.post("/organisations", {"name": "我的医院"})),
        (409, person.get("/entries?after=junk")),
    ]
    for status, answer in answers:
        assert answer.status == status, (status, answer)
        assert answer.headers["Content-Type"] == CONTENT_TYPE
        assert set(answer.json) == PROBLEM | ({"errors"} if status == 422 else set())
        assert answer["status"] == status
        assert STATUSES[REFUSALS[answer.code].kind][0] == status
        assert CHINESE.search(answer["detail"])
        assert answer["request_id"] == answer.headers["X-Request-Id"]


def test_the_readme_documents_every_setting():
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `((?:TANGYING_|PORT)\w*)` \| (.+?) \|", readme, re.MULTILINE))
    assert rows == {s.name: f"`{s.default}`" if s.default is not None else "—" for s in SETTINGS}


def test_a_published_status_is_one_the_problems_know(app):
    published = json.loads(app.config["TANGYING_OPENAPI"])["paths"]
    statuses = {int(status) for path in published.values() for operation in path.values() if isinstance(operation, dict)
                for status in operation.get("responses", {})}
    assert {status for status in statuses if status >= 400} <= {status for status, _ in STATUSES.values()}


def test_the_client_mirrors_the_interface_one_to_one(app):
    asked = subprocess.run([*nodejs.node(), "-e", "console.log(JSON.stringify(require('./client').operations))"],
                           cwd=ROOT / "miniprogram_stub", capture_output=True, text=True, check=True).stdout
    client = [(f"{each['word']}.{snake(each['verb'])}", each["method"], each["path"]) for each in json.loads(asked)]
    published = json.loads(app.config["TANGYING_OPENAPI"])["paths"]
    server = [(operation["operationId"], method.upper(), path.removeprefix("/api/v1"))
              for path, operations in published.items() for method, operation in operations.items()
              if isinstance(operation, dict) and "operationId" in operation]
    assert sorted(map(without_names, client)) == sorted(map(without_names, server))


def snake(verb: str) -> str:
    """The name that a verb of the client has in Python: openCamp is open_camp."""
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", verb)


def without_names(operation: tuple[str, str, str]) -> tuple[str, str, str]:
    """The operation with its path's parameters unnamed: camp_id here and id there are the same place."""
    name, method, path = operation
    return name, method, re.sub(r"\{\w+\}", "{}", path)
