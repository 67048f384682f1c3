"""every note on an alert is kept, and who wrote it

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision. An alert's only note so far was that of who took it up: under the alert's own id."""
    op.create_table(
        "alert_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_notes_alert_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_alert_notes_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_notes")),
    )
    op.create_index("ix_alert_notes_alert_id", "alert_notes", ["alert_id"])
    op.execute("INSERT INTO alert_notes (id, alert_id, written_by, at, note) SELECT id, id, acknowledged_by, acknowledged_at, note"
               " FROM alerts WHERE note IS NOT NULL AND acknowledged_by IS NOT NULL")
    # Not in a batch, which would make the table anew on SQLite while other rows point to it.
    op.drop_column("alerts", "note")


def downgrade() -> None:
    """Take it back; of several notes that of who took it up is kept."""
    op.add_column("alerts", sa.Column("note", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE alerts SET note = (SELECT alert_notes.note FROM alert_notes WHERE alert_notes.alert_id = alerts.id"
               " AND alert_notes.written_by = alerts.acknowledged_by AND alert_notes.at = alerts.acknowledged_at"
               " ORDER BY alert_notes.id LIMIT 1)")
    op.drop_index("ix_alert_notes_alert_id", "alert_notes")
    op.drop_table("alert_notes")
