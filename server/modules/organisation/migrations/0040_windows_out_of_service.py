"""windows out of service"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("window", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_service", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
