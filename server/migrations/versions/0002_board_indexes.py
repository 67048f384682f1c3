"""the boards' indexes, which autogeneration cannot write because they run downwards

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BOARDS = [(scope, metric) for scope in ("class", "camp") for metric in ("points", "streak", "check_ins")]


def upgrade() -> None:
    """Bring the schema to this revision."""
    for scope, metric in BOARDS:
        op.create_index(f"ix_standings_{scope}_{metric}", "standings", [
            f"{scope}_id", "period", "since", "listed", sa.text(f"{metric} DESC"), f"{metric}_at", "enrolment_id"])


def downgrade() -> None:
    """Take it back."""
    for scope, metric in BOARDS:
        op.drop_index(f"ix_standings_{scope}_{metric}", "standings")
