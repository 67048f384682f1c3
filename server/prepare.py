"""Migrates the database and, outside production, seeds the rows to start with. Run as a process of its own."""

import os
import sys
import uuid

from flask import Flask
from flask_migrate import upgrade

from server.app import create_app
from server.config import BadSettings, read_settings
from server.services import seeds
from server.services.work import Call


def prepare(app: Flask) -> None:
    """Bring the database of the application to this release's schema, and seed it where that is allowed."""
    with app.app_context():
        upgrade()
        world = app.extensions["tangying"]
        if not world.settings.is_production:
            seeds.sow(Call(world, world.clock.now(), f"prepare-{uuid.uuid4().hex}"))


def main() -> int:
    """0 when the database is ready, 2 when the settings are not."""
    try:
        settings = read_settings(os.environ)
    except BadSettings as faults:
        print(faults, file=sys.stderr)
        return 2
    prepare(create_app(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
