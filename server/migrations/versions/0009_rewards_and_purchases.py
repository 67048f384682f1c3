"""the catalogue of rewards, redemptions, relatives' purses, public praise, and purchases

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STANDING = sa.text("status != 'refused'")


def _id(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=empty)


def _at(name: str, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _whole(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _text(name: str, length: int, *, empty: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=empty)


def _sealed(name: str, *, empty: bool = True) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=empty)


def _refer(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))
            for name, target in targets.items()]


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.create_table(
        "rewards", _id("id"), _id("organisation_id"), _text("name", 100), *_whole("points", "stock"), _text("audience", 8),
        _text("form", 12), _text("stage", 12, empty=True), _at("created_at"), _at("closed_at", empty=True),
        *_whole("version"), *_refer("rewards", organisation_id="organisations"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rewards")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_rewards_stock")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_rewards_points")))
    op.create_index(op.f("ix_rewards_organisation_id"), "rewards", ["organisation_id"])
    op.create_table(
        "redemptions", _id("id"), _id("reward_id"), _id("organisation_id"), _id("person_id"), _text("audience", 8),
        *_whole("points"), _text("status", 8), _sealed("address"), _sealed("courier"), _at("held_at"), _at("expires_at"),
        _at("ended_at", empty=True), _id("ended_by", empty=True), *_whole("version"),
        *_refer("redemptions", reward_id="rewards", organisation_id="organisations", person_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")))
    op.create_index("ix_redemptions_person", "redemptions", ["person_id", "held_at", "id"])
    op.create_index("ix_redemptions_organisation", "redemptions", ["organisation_id", "status", "held_at", "id"])
    op.create_index("ix_redemptions_expiry", "redemptions", ["status", "expires_at"])
    op.create_table(
        "family_purses", _id("person_id"), _id("organisation_id"), *_whole("spent", "held"),
        *_refer("family_purses", person_id="people", organisation_id="organisations"),
        sa.PrimaryKeyConstraint("person_id", "organisation_id", name=op.f("pk_family_purses")))
    op.create_table(
        "spotlights", _id("id"), *(_id(name) for name in ("organisation_id", "camp_id", "class_id", "person_id")),
        _sealed("words", empty=False), _id("posted_by"), _at("posted_at"), _at("removed_at", empty=True), *_whole("version"),
        *_refer("spotlights", organisation_id="organisations", camp_id="camps", class_id="classes", person_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spotlights")))
    op.create_index("ix_spotlights_class", "spotlights", ["class_id", "posted_at", "id"])
    op.create_table(
        "purchases", *(_id(name) for name in ("id", "person_id", "organisation_id", "enrolment_id")), _text("sku", 64),
        *_whole("quantity"), sa.Column("bought_on", sa.Date(), nullable=False), _sealed("place", empty=False),
        _sealed("place_index", empty=False), _id("receipt_photo_id", empty=True), _text("status", 10),
        sa.Column("strips", sa.Integer(), nullable=True), *_whole("points"), _sealed("refused_because"), _id("filed_by"),
        _at("filed_at"), _id("decided_by", empty=True), _at("decided_at", empty=True), *_whole("version"),
        *_refer("purchases", person_id="people", organisation_id="organisations", enrolment_id="enrolments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")))
    op.create_index(op.f("ix_purchases_enrolment_id"), "purchases", ["enrolment_id"])
    op.create_index("uq_purchases_standing", "purchases", ["person_id", "sku", "quantity", "bought_on", "place_index"],
                    unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_index("ix_purchases_person", "purchases", ["person_id", "filed_at", "id"])
    op.create_index("ix_purchases_organisation", "purchases", ["organisation_id", "status", "filed_at", "id"])


def downgrade() -> None:
    """Take it back."""
    for table in ("purchases", "spotlights", "family_purses", "redemptions", "rewards"):
        op.drop_table(table)
