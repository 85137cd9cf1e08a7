"""addresses in the log and paused jobs"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('audit', sa.Column('address', sa.String(length=60), nullable=True))
    op.add_column('job', sa.Column('paused', sa.Boolean(), server_default=sa.false(), nullable=False))
