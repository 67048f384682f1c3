"""what of an alert still stands

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OF_A_CAUSE = ("quiet", "past", "nurse", "doctor")


def upgrade() -> None:
    """Bring the schema to this revision. What was imported is quiet, what is behind a closed alert is past unless a reading
    ended it, and an open low keeps the level that a missed recheck may have raised it to."""
    op.add_column("alerts", sa.Column("missed_level", sa.String(16), nullable=True))
    op.execute("UPDATE alerts SET missed_level = level WHERE kind = 'low' AND closed_at IS NULL")
    for name in OF_A_CAUSE:
        op.add_column("alert_causes", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE alert_causes SET quiet = :yes WHERE EXISTS (SELECT 1 FROM entries "
                       "WHERE entries.id = alert_causes.id AND entries.source = 'import')").bindparams(yes=True))
    op.execute(sa.text("UPDATE alert_causes SET past = :yes WHERE EXISTS (SELECT 1 FROM alerts WHERE "
                       "alerts.id = alert_causes.alert_id AND alerts.closed_at IS NOT NULL AND alerts.ended_by IS NULL)")
               .bindparams(yes=True))
    with op.batch_alter_table("alert_causes") as table:
        for name in OF_A_CAUSE:
            table.alter_column(name, existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("alert_causes") as table:
        for name in OF_A_CAUSE:
            table.drop_column(name)
    # A batch would make the table anew, which its causes and tellings hold on to.
    op.drop_column("alerts", "missed_level")
