"""what ended an alert, and one reading behind alerts of two kinds

Revision: 0016
After: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column("alerts", sa.Column("ended_by", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_alerts_ended_by"), "alerts", ["ended_by"])
    op.add_column("alert_causes", sa.Column("kind", sa.String(12), nullable=True))
    op.execute("UPDATE alert_causes SET kind = (SELECT kind FROM alerts WHERE alerts.id = alert_causes.alert_id)")
    _key(("id", "kind"), nullable=False)


def downgrade() -> None:
    """Take it back; of a reading behind two alerts the low stays, of which a recheck is due."""
    op.execute("DELETE FROM alert_causes WHERE kind <> 'low' AND EXISTS "
               "(SELECT 1 FROM alert_causes o WHERE o.id = alert_causes.id AND o.kind = 'low')")
    _key(("id",), nullable=True)
    with op.batch_alter_table("alert_causes") as table:
        table.drop_column("kind")
    op.drop_index(op.f("ix_alerts_ended_by"), "alerts")
    # A batch would make the table anew, which its causes and tellings hold on to.
    op.drop_column("alerts", "ended_by")


def _key(columns: tuple[str, ...], *, nullable: bool) -> None:
    with op.batch_alter_table("alert_causes") as table:
        table.drop_constraint(op.f("pk_alert_causes"), type_="primary")
        table.alter_column("kind", existing_type=sa.String(12), nullable=nullable)
        table.create_primary_key(op.f("pk_alert_causes"), list(columns))
