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
    """The database of one worker, and the template it is made anew from."""

    def __init__(self, folder: pathlib.Path, worker: str) -> None:
        self.folder = folder
        self.name, self.template = f"tangying_{worker}", f"tangying_{worker}_template"
        self.file, self.template_file = folder / "tangying.sqlite", folder / "template.sqlite"
        self.url = f"sqlite:///{self.file}"
        if SERVER_URL:
            self._server = sa.create_engine(SERVER_URL, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
            self.url = sa.make_url(SERVER_URL).set(database=self.name).render_as_string(hide_password=False)
            self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)", f"CREATE DATABASE {self.name}")

    def keep_as_template(self) -> None:
        """Remember the database as it is now."""
        if SERVER_URL:
            self._execute(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)",
                          f"CREATE DATABASE {self.template} TEMPLATE {self.name}")
        else:
            with sa.create_engine(self.url, poolclass=sa.NullPool).connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copy(self.file, self.template_file)

    def make_anew(self) -> None:
        """Put the template's copy in the database's place."""
        if SERVER_URL:
            self._execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
                          f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
            return
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.template_file, self.file)

    def drop(self) -> None:
        """Leave nothing on a server that is not ours."""
        if SERVER_URL:
            self._execute(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (self.name, self.template)))

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
