"""whom a patient wants to hear serious news first

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("people") as table:
        table.add_column(sa.Column("serious_news_first", sa.String(8), nullable=False, server_default="patient"))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("people") as table:
        table.drop_column("serious_news_first")
