"""family ties, the invites they come from, and what relatives do

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("ended_at IS NULL")


def _person(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "family_ties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.LargeBinary(), nullable=False),
        sa.Column("sees", sa.JSON(), nullable=False),
        sa.Column("may_file", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _person("person_id", "family_ties"), _person("relative_id", "family_ties"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_ties")),
    )
    op.create_index(op.f("ix_family_ties_person_id"), "family_ties", ["person_id"])
    op.create_index(op.f("ix_family_ties_relative_id"), "family_ties", ["relative_id"])
    op.create_index("uq_family_ties_live", "family_ties", ["person_id", "relative_id"], unique=True,
                    sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "family_invites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("sees", sa.JSON(), nullable=False),
        sa.Column("may_file", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        _person("person_id", "family_invites"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_invites")),
        sa.UniqueConstraint("code_index", name=op.f("uq_family_invites_code_index")),
    )
    op.create_index(op.f("ix_family_invites_person_id"), "family_invites", ["person_id"])
    op.create_table(
        "family_deeds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        _person("person_id", "family_deeds"), _person("relative_id", "family_deeds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_deeds")),
        sa.UniqueConstraint("person_id", "relative_id", "deed", "day",
                            name=op.f("uq_family_deeds_person_id_relative_id_deed_day")),
    )
    op.create_index(op.f("ix_family_deeds_relative_id"), "family_deeds", ["relative_id"])


def downgrade() -> None:
    """Take it back."""
    for name in ("family_deeds", "family_invites", "family_ties"):
        op.drop_table(name)
