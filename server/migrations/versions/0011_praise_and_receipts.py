"""praise waits for a yes; one picture of a receipt is one purchase

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STANDING = sa.text("status != 'refused'")


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("spotlights") as table:
        table.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("purchases") as table:
        table.add_column(sa.Column("receipt_digest", sa.String(64), nullable=True))
    op.create_index("uq_purchases_receipt", "purchases", ["organisation_id", "receipt_digest"], unique=True,
                    sqlite_where=STANDING, postgresql_where=STANDING)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("uq_purchases_receipt", "purchases")
    with op.batch_alter_table("purchases") as table:
        table.drop_column("receipt_digest")
    with op.batch_alter_table("spotlights") as table:
        table.drop_column("approved_at")
