"""posts exchanged in flows"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types


revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('flow', schema=None) as batch_op:
        batch_op.add_column(sa.Column('exchanged', server.engine.database.types.Document(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
