"""an outlet opens when its first set-up says so"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Halls that stand are open; only a hall in its first set-up says otherwise.
    with op.batch_alter_table('outlet', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stage', sa.String(length=30), nullable=False, server_default='open'))
        batch_op.add_column(sa.Column('setup', server.engine.database.types.Document(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
