"""what an organisation settles: service hours, duty phone, who signs, its licence and its agreement

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = (("service_hours", sa.JSON()), ("duty_phone", sa.LargeBinary()), ("issuer", sa.String(100)),
           ("signatories", sa.LargeBinary()), ("internet_hospital_licence", sa.JSON()), ("doctor_agreement", sa.JSON()))


def upgrade() -> None:
    """Bring the schema to this revision."""
    with op.batch_alter_table("organisations") as table:
        for name, kind in COLUMNS:
            table.add_column(sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("organisations") as table:
        for name, _ in reversed(COLUMNS):
            table.drop_column(name)
