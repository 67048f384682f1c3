"""a class is small enough to be sorted when its board is read; three indexes less to write for every entry

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

METRICS = ("points", "streak", "check_ins")


def upgrade() -> None:
    """Bring the schema to this revision."""
    for metric in METRICS:
        op.drop_index(f"ix_standings_class_{metric}", "standings")
    op.create_index("ix_standings_class", "standings", ["class_id", "period", "since"])
    with op.batch_alter_table("points_lines") as points_lines:
        points_lines.drop_constraint("uq_points_lines_id", type_="unique")


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("points_lines") as points_lines:
        points_lines.create_unique_constraint("uq_points_lines_id", ["id"])
    op.drop_index("ix_standings_class", "standings")
    for metric in METRICS:
        op.create_index(f"ix_standings_class_{metric}", "standings", [
            "class_id", "period", "since", "listed", sa.text(f"{metric} DESC"), f"{metric}_at", "enrolment_id"])
