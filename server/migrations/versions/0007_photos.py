"""photos: whose they are and what they hang on

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.String(10), nullable=True),
        sa.Column("thing_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name="fk_photos_sent_by"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_photos_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"))
    for column in ("sent_by", "person_id", "thing_id"):
        op.create_index(f"ix_photos_{column}", "photos", [column])
    op.create_index("ix_photos_left", "photos", ["state", "at"])


def downgrade() -> None:
    """Take it back."""
    op.drop_table("photos")
