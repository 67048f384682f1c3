"""how many of a camp's members have which score, counted from the boards' rows

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

METRICS = ("points", "streak", "check_ins")
SPAN = 64


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "score_counts",
        sa.Column("camp_id", sa.Uuid(), sa.ForeignKey("camps.id", name="fk_score_counts_camp_id"), nullable=False),
        sa.Column("period", sa.String(4), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(9), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("camp_id", "period", "since", "metric", "width", "score", name="pk_score_counts"))
    for metric in METRICS:
        # Scores are never below zero here: whole division is the same on both engines.
        for width, score in ((1, metric), (SPAN, f"{metric} / {SPAN} * {SPAN}")):
            op.execute(f"INSERT INTO score_counts (camp_id, period, since, metric, width, score, members) "
                       f"SELECT camp_id, period, since, '{metric}', {width}, {score}, count(*) FROM standings "
                       f"WHERE listed GROUP BY camp_id, period, since, {score}")


def downgrade() -> None:
    """Take it back."""
    op.drop_table("score_counts")
