"""alerts, what caused each, and who was told

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("closed_at IS NULL")


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=nullable)


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("about", sa.String(8), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        _instant("at"), _instant("last_at"), _instant("raised_at"), _instant("fresh_until"),
        sa.Column("rings", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(8), nullable=True),
        *(_instant(name, nullable=True) for name in ("recheck_by", "recheck_at", "escalate_at", "next_at")),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        _instant("acknowledged_at", nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        _instant("closed_at", nullable=True),
        sa.Column("closed_why", sa.String(12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alerts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_person", "alerts", ["person_id", "at", "id"])
    op.create_index("ix_alerts_open", "alerts", ["person_id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(op.f("ix_alerts_next_at"), "alerts", ["next_at"])
    op.create_table(
        "alert_causes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(16), nullable=True),
        _instant("at"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_causes_alert_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alert_causes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_causes")),
    )
    op.create_index(op.f("ix_alert_causes_alert_id"), "alert_causes", ["alert_id"])
    op.create_index("ix_alert_causes_person", "alert_causes", ["person_id", "at"])
    op.create_table(
        "tellings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(8), nullable=False),
        sa.Column("ring", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(12), nullable=False),
        _instant("at"), _instant("not_before"), _instant("claimed_at", nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_tellings_alert_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tellings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("alert_id", "person_id", "step", "ring", "how",
                            name=op.f("uq_tellings_alert_id_person_id_step_ring_how")),
    )
    op.create_index(op.f("ix_tellings_alert_id"), "tellings", ["alert_id"])
    op.create_index("ix_tellings_waiting", "tellings", ["state", "not_before"])


def downgrade() -> None:
    """Take it back."""
    for name in ("tellings", "alert_causes", "alerts"):
        op.drop_table(name)
