"""messages kept in the app, nudges that wait, and a phone on duty that rings for nobody in particular

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOBODY = sa.text("person_id IS NULL")


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        *(sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_messages_{column}"))
          for column in ("to_id", "person_id", "from_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_messages_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("letter_id", "to_id", name=op.f("uq_messages_letter_id_to_id")),
    )
    op.create_index("ix_messages_reader", "messages", ["to_id", "at", "id"])
    op.create_index("ix_messages_person", "messages", ["person_id", "kind", "at"])
    with op.batch_alter_table("outbox_messages") as table:
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        table.add_column(sa.Column("not_before", INSTANT, nullable=True))
        table.add_column(sa.Column("claimed_at", INSTANT, nullable=True))
    op.create_index("uq_outbox_messages_nobody", "outbox_messages", ["template", "about"], unique=True,
                    sqlite_where=NOBODY, postgresql_where=NOBODY)
    op.create_index("ix_outbox_messages_about", "outbox_messages", ["about"])
    with op.batch_alter_table("tellings") as table:
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
    op.create_index("uq_tellings_nobody", "tellings", ["alert_id", "step", "ring", "how"], unique=True,
                    sqlite_where=NOBODY, postgresql_where=NOBODY)


def downgrade() -> None:
    """Take it back; what rang for nobody in particular was not known before and is forgotten."""
    op.drop_index("uq_tellings_nobody", "tellings")
    op.execute("DELETE FROM tellings WHERE person_id IS NULL")
    with op.batch_alter_table("tellings") as table:
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_index("ix_outbox_messages_about", "outbox_messages")
    op.drop_index("uq_outbox_messages_nobody", "outbox_messages")
    op.execute("DELETE FROM outbox_messages WHERE person_id IS NULL")
    with op.batch_alter_table("outbox_messages") as table:
        table.drop_column("claimed_at")
        table.drop_column("not_before")
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("messages")
