"""The database handle, the base of every table, and how each engine is set up."""

import datetime as dt
import sqlite3
import uuid
from collections.abc import Callable
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from server.models.types import UTCDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# An acknowledged write is on disk. 16 MiB of cache hold a camp's hot pages, and a log of as much is copied back less
# often, each page once for many changes.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000", "cache_size=-16384",
           "wal_autocheckpoint=4096")
# Set on the connection of a unit of work that writes: on SQLite it takes the write lock when it begins.
WRITES = "tangying_writes"


class Base(orm.DeclarativeBase):
    """The base of every table. A column with a foreign key names its type too: left to SQLAlchemy, it has none until the
    other table is imported, and a statement made meanwhile binds its values raw."""

    registry = orm.registry(metadata=sa.MetaData(naming_convention=NAMING), type_annotation_map={
        dt.datetime: UTCDateTime,
        uuid.UUID: sa.Uuid,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
    })


Id = Annotated[uuid.UUID, orm.mapped_column(primary_key=True)]
Version = Annotated[int, orm.mapped_column(default=1)]

db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})


def prepare_engine(engine: sa.Engine) -> None:
    """Set the engine up so that an acknowledged write is on disk and a write lock is taken at the beginning."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; sqlite3 would begin too late
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


@sa.event.listens_for(orm.Session, "before_flush")
def _count_versions(session: orm.Session, _context: object, _instances: object) -> None:
    """Every change of a row that carries a version makes it one higher: If-Match rests on it."""
    for row in session.dirty:
        if hasattr(row, "version") and session.is_modified(row):
            row.version += 1


def insert_once(connection: sa.Connection | orm.Session, table: sa.FromClause, values: dict[str, Any]) -> bool:
    """Insert the row unless a constraint says that it is there already; whether it was inserted.

    The answer is the database's, after any rival has committed: nothing is looked up first.
    """
    return connection.execute(_insert_once(_dialect(connection), table), values).rowcount == 1


def _dialect(connection: sa.Connection | orm.Session) -> str:
    bind = connection.get_bind() if isinstance(connection, orm.Session) else connection
    return bind.dialect.name


INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_statements: dict[tuple[str, sa.FromClause], sa.Insert] = {}


def on_each_engine(write: Callable[[Callable[..., Any]], sa.Executable]) -> dict[str, sa.Executable]:
    """A statement for each engine by its name, written with that engine's own insert."""
    return {engine: write(insert) for engine, insert in INSERTS.items()}


def _insert_once(dialect: str, table: sa.FromClause) -> sa.Insert:
    if (dialect, table) not in _statements:
        # Without preserve_rowcount SQLAlchemy does not say how many rows an INSERT made on PostgreSQL.
        statement = INSERTS[dialect](table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
        _statements[dialect, table] = statement
    return _statements[dialect, table]
