"""One migrated and seeded database a worker, copied for every test; on SQLite, or on TANGYING_TEST_DATABASE_URL."""

import os
import pathlib
import shutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from server.app import create_app
from server.config import read_settings
from server.models.base import db
from server.prepare import prepare
from tests.makers import World

hypothesis_settings.register_profile("camp", deadline=None, derandomize=True, suppress_health_check=[
    HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
hypothesis_settings.load_profile("camp")
SERVER_URL = os.environ.get("TANGYING_TEST_DATABASE_URL")


class Database:
    """The database of one worker, and the template it is made anew from.

    On SQLite the template is a file, on PostgreSQL a schema of the same database: emptying its tables and filling them
    again is thirty times cheaper than making a database.
    """

    def __init__(self, folder: pathlib.Path, worker: str) -> None:
        self.folder = folder
        self.name = f"tangying_{worker}"
        self.file, self.template_file = folder / "tangying.sqlite", folder / "template.sqlite"
        self.url = f"sqlite:///{self.file}"
        if SERVER_URL:
            self._server = sa.create_engine(SERVER_URL, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
            self.url = sa.make_url(SERVER_URL).set(database=self.name).render_as_string(hide_password=False)
            self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")
            self._own = sa.create_engine(self.url, poolclass=sa.pool.StaticPool)

    def keep_as_template(self) -> None:
        """Remember the database as it is now."""
        if SERVER_URL:
            tables = [table.name for table in db.metadata.sorted_tables]
            with self._own.begin() as connection:
                connection.exec_driver_sql("CREATE SCHEMA template")
                for name in tables:
                    connection.exec_driver_sql(f"CREATE TABLE template.{name} AS TABLE public.{name}")
            empty = "".join(f"DELETE FROM {name};" for name in reversed(tables))
            fill = "".join(f"INSERT INTO {name} SELECT * FROM template.{name};" for name in tables)
            # A test that left a transaction open would hold us here for good.
            self._anew = f"SET LOCAL lock_timeout = '20s'; {empty} {fill}"
        else:
            with sa.create_engine(self.url, poolclass=sa.NullPool).connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self.file, self.template_file)

    def make_anew(self) -> None:
        """Make the database what it was when it was remembered."""
        if SERVER_URL:
            with self._own.begin() as connection:
                connection.exec_driver_sql(self._anew)
            return
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.template_file, self.file)

    def drop(self) -> None:
        """Leave nothing on a server that is not ours."""
        if SERVER_URL:
            self._own.dispose()
            self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _execute(self, *statements: str) -> None:
        with self._server.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Database]:
    """The worker's database, empty."""
    made = Database(tmp_path_factory.mktemp("data"), worker_id)
    yield made
    made.drop()


@pytest.fixture(scope="session")
def app(database: Database) -> Iterator[Flask]:
    """The application of this worker; its database is migrated, seeded and kept as the template."""
    made = create_app(read_settings({"TANGYING_ENV": "testing", "TANGYING_DATA_DIR": str(database.folder),
                                     "TANGYING_DATABASE_URL": database.url}))
    prepare(made)
    with made.app_context():
        db.engine.dispose()
    database.keep_as_template()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def world(app: Flask, database: Database) -> Iterator[World]:
    """The server with a fresh database, its clock stopped the evening before the camp, and everybody in it."""
    with app.app_context():
        db.engine.dispose()
    database.make_anew()
    app.extensions["tangying"].limits.__init__()
    made = World(app)
    yield made
    app.extensions["tangying"].clock.stop_at(None)
    with app.app_context():
        db.engine.dispose()
