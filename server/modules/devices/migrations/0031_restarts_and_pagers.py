"""programs of devices that are told to restart; pagers that go with tickets"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device_health", sa.Column("run", sa.String(length=16), nullable=False, server_default=""))
    op.add_column("device_health", sa.Column("restart_run", sa.String(length=16), nullable=True))
    op.add_column("ticket", sa.Column("pager", sa.String(length=8), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
