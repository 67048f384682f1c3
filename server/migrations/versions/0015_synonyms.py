"""an organisation's own synonyms, beside the stamp of its knowledge base

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("knowledge_editions") as table:
        table.add_column(sa.Column("synonyms", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("knowledge_editions") as table:
        table.drop_column("synonyms")
