"""certificates, the keys they are signed with, and exports of them

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("camps") as table:
        table.add_column(sa.Column("certified_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("public", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_keys")))
    op.create_table(
        "certificates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False)
          for name in ("organisation_id", "camp_id", "class_id", "enrolment_id", "person_id")),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(100), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(20), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_certificates_{name}")) for name, target in (
            ("organisation_id", "organisations.id"), ("camp_id", "camps.id"), ("class_id", "classes.id"),
            ("enrolment_id", "enrolments.id"), ("person_id", "people.id"), ("kid", "signing_keys.kid"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("enrolment_id", "generation", name=op.f("uq_certificates_enrolment_id_generation")))
    op.create_index("ix_certificates_person", "certificates", ["person_id", "issued_at", "id"])
    op.create_index("ix_certificates_camp", "certificates", ["camp_id", "class_id", "id"])
    op.create_table(
        "certificate_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("camp_id", sa.Uuid(), nullable=False),
        sa.Column("class_id", sa.Uuid(), nullable=True),
        sa.Column("format", sa.String(4), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("done", "total", "attempts")),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True)
          for name in ("held_until", "finished_at", "dropped_at")),
        *(sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_certificate_exports_{name}")) for name, target in (
            ("organisation_id", "organisations.id"), ("camp_id", "camps.id"), ("class_id", "classes.id"),
            ("asked_by", "people.id"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_exports")))
    op.create_index("ix_certificate_exports_status", "certificate_exports", ["status", "asked_at"])
    op.create_index("ix_certificate_exports_asked", "certificate_exports", ["asked_by", "asked_at"])


def downgrade() -> None:
    """Take it back."""
    for table in ("certificate_exports", "certificates", "signing_keys"):
        op.drop_table(table)
    with op.batch_alter_table("camps") as table:
        table.drop_column("certified_at")
