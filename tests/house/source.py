"""The server's own source as trees: its modules, what they import and which functions call which."""

import ast
import dataclasses
import functools
import pathlib
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[2]


@dataclasses.dataclass(frozen=True)
class Module:
    """One module of the server: its dotted name, its file and its tree."""

    name: str
    path: pathlib.Path
    tree: ast.Module = dataclasses.field(repr=False, compare=False)

    @property
    def layer(self) -> str:
        """The folder or file directly under server that it belongs to: domain, models, app, clock …"""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def imports(self) -> set[str]:
        """Every module it imports, ours and others', by full dotted name."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {module_meant(node, alias) for alias in node.names}
        return found

    @property
    def own_imports(self) -> set[str]:
        """The modules of the server that it imports."""
        return {name for name in self.imports if name.split(".")[0] == "server"}

    @property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Its functions by name, those inside classes and functions left out."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}


@functools.cache
def modules() -> dict[str, Module]:
    """Every module of the server by dotted name; a package stands under its own name."""
    found = {}
    for path in sorted((ROOT / "server").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, ast.parse(path.read_text("utf-8"), str(path)))
    return found


def within(*layers: str) -> list[Module]:
    """The modules of these layers."""
    return [module for module in modules().values() if module.layer in layers]


@functools.cache
def _is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


def module_meant(node: ast.ImportFrom, alias: ast.alias) -> str:
    """The module that one name of `from package import name` brings: the name itself where it is one, else the package."""
    whole = f"{node.module}.{alias.name}"
    return whole if node.module and node.module.split(".")[0] == "server" and _is_module(whole) else node.module or "."


def names_of(module: Module) -> dict[str, tuple[str, str | None]]:
    """What each imported name stands for: (module, None) for a module of ours, (module, name) for a thing in one."""
    meant: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("server"):
            for alias in node.names:
                where = module_meant(node, alias)
                meant[alias.asname or alias.name] = (where, None if where != node.module else alias.name)
    return meant


def calls_of(module: Module, function: ast.AST) -> Iterator[tuple[str, str]]:
    """The functions of ours that are named in a function's body, as (module, function). Local names hide nothing here:
    a name that is also an import counts as the import, which errs on the side of finding more calls."""
    meant = names_of(module)
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in meant:
            where, name = meant[node.value.id]
            if name is None:
                yield defined_in(where, node.attr)
        elif isinstance(node, ast.Name):
            if node.id in module.functions:
                yield module.name, node.id
            elif meant.get(node.id, ("", None))[1]:
                where, name = meant[node.id]
                yield defined_in(where, str(name))


def defined_in(where: str, name: str) -> tuple[str, str]:
    """Where a function is defined that a package's __init__ hands on."""
    module = modules().get(where)
    if module is not None and name not in module.functions:
        handed_on = names_of(module).get(name)
        if handed_on and handed_on[1]:
            return defined_in(handed_on[0], handed_on[1])
    return where, name


def decorators(function: ast.FunctionDef) -> set[str]:
    """A function's decorators as they are written, without their arguments."""
    return {ast.unparse(d.func if isinstance(d, ast.Call) else d) for d in function.decorator_list}


def place(module: Module, node: ast.AST) -> str:
    """Where in the source that is, for a message."""
    return f"{module.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"
