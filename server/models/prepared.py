"""Statements that every entry and every board pass through, compiled once and handed to the driver as they are.

SQLAlchemy writes the text, names the parameters and brings the types, as for any statement. What is left out is its way
from the statement to the cursor on each execution, which costs several times what the driver itself does: docs/decisions
has the figures. Everything else in models uses SQLAlchemy as it comes.
"""

import functools
import uuid
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Process = Callable[[Any], Any]


class _Text(NamedTuple):
    """A statement in the words of one engine. `given` are its parameters in order: the name under which each is given
    (None for a constant), the constant, and what a value goes through; `names` are what the driver calls them, empty when
    it only counts. `row` is the shape of what comes back, `columns` what some of its values go through."""

    text: str
    names: list[str]
    given: list[tuple[str | None, Any, Process | None]]
    row: Callable[..., Any] | None
    columns: list[tuple[int, Process]]

    def values(self, given: dict[str, Any]) -> Any:
        """The parameters as the driver wants them. Raises KeyError for one that is missing."""
        found = [constant if name is None else given[name] if process is None else process(given[name])
                 for name, constant, process in self.given]
        return dict(zip(self.names, found, strict=True)) if self.names else found

    def rows(self, fetched: Iterable[Sequence[Any]]) -> list[Any]:
        """What came back, as named tuples of Python values."""
        assert self.row is not None, "this statement answers no rows"
        found = []
        for one in fetched:
            values = list(one)
            for place, process in self.columns:
                values[place] = process(values[place])
            found.append(self.row(*values))
        return found


class Prepared:
    """One statement for both engines, or one for each by its name. `columns` names what an INSERT sets; a bindparam is
    given by its name.

    It runs in the session's own transaction and raises what SQLAlchemy raises.
    """

    def __init__(self, statement: sa.Executable | dict[str, sa.Executable], *,
                 columns: Iterable[str] | None = None) -> None:
        self._statements = statement if isinstance(statement, dict) else dict.fromkeys(("sqlite", "postgresql"), statement)
        self._columns = None if columns is None else list(columns)
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, **given: Any) -> list[Any]:
        """Every row as a named tuple."""
        text, cursor = self._run(session, given)
        return text.rows(cursor.fetchall())

    def first(self, session: Session, **given: Any) -> Any:
        """The first row, None when there is none."""
        text, cursor = self._run(session, given)
        found = text.rows(cursor.fetchmany(1))
        return found[0] if found else None

    def run(self, session: Session, **given: Any) -> int:
        """Execute; how many rows were written."""
        return self._run(session, given)[1].rowcount

    def run_all(self, session: Session, rows: list[dict[str, Any]]) -> None:
        """Execute once for each of these."""
        text, connection, cursor = self._opened(session)
        values = [text.values(given) for given in rows]
        try:
            cursor.executemany(text.text, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection.dialect, text, error) from error

    def _run(self, session: Session, given: dict[str, Any]) -> tuple[_Text, Any]:
        text, connection, cursor = self._opened(session)
        values = text.values(given)
        try:
            cursor.execute(text.text, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection.dialect, text, error) from error
        return text, cursor

    def _opened(self, session: Session) -> tuple[_Text, sa.Connection, Any]:
        connection = session.bind if isinstance(session.bind, sa.Connection) else session.connection()
        text = self._texts.get(connection.dialect.name)
        if text is None:
            text = _write(self._statements[connection.dialect.name], self._columns, connection.dialect)
            self._texts[connection.dialect.name] = text
        return text, connection, connection.connection.cursor()


def _told(dialect: sa.Dialect, text: _Text, error: Exception) -> Exception:
    """What SQLAlchemy raises for what the driver raised; without the parameters: they may hold a person."""
    return DBAPIError.instance(text.text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)


def _write(statement: sa.Executable, columns: list[str] | None, dialect: sa.Dialect) -> _Text:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    if compiled.post_compile_params:
        raise ValueError(f"its text depends on its values: {compiled.string}")
    names = compiled.positiontup if compiled.positional else list(compiled.bind_names.values())
    given = [_given(name, compiled.binds[name], dialect) for name in names]
    row, processes = None, []
    shown = statement.selected_columns if isinstance(statement, sa.SelectBase) else getattr(statement, "exported_columns", ())
    if shown:
        row = namedtuple("Row", [getattr(column, "name", "_") for column in shown], rename=True)  # type: ignore[misc]
        processes = [(place, process) for place, column in enumerate(shown) if (process := _read(column.type, dialect))]
    return _Text(compiled.string, [] if compiled.positional else names, given, row, processes)


def _given(name: str, bind: sa.BindParameter, dialect: sa.Dialect) -> tuple[str | None, Any, Process | None]:
    process = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if bind.required:
        return name, None, process
    return None, bind.value if process is None else process(bind.value), None


# The same few ids come back in row after row.
_uuid = functools.lru_cache(maxsize=8192)(uuid.UUID)


def _read(kind: sa.types.TypeEngine, dialect: sa.Dialect) -> Process | None:
    if isinstance(kind, sa.Uuid) and dialect.name == "sqlite":
        return lambda value: None if value is None else _uuid(value)
    return kind.dialect_impl(dialect).result_processor(dialect, None)
