"""Runs the migrations on the application's own engine."""

from typing import Any

from alembic import context
from flask import current_app

from server.models import types
from server.models.base import Base

database = current_app.extensions["migrate"].db
# A migration names the plain type that lies in the database: it must run long after our own types have changed.
STORED = {types.Sealed: "sa.LargeBinary()", types.Tenths: "sa.Integer()", types.UTCDateTime: "sa.DateTime(timezone=True)"}


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | bool:
    """How a column's type is written into a new migration; False leaves it to Alembic."""
    return STORED.get(type(item), False) if kind == "type" else False


with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
