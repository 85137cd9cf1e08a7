"""where announcements are read"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("announcement", schema=None) as table:
        table.add_column(sa.Column("outlets", server.engine.database.types.Document(), nullable=True))
        table.add_column(sa.Column("roles", server.engine.database.types.Document(), nullable=True))
        table.add_column(sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("for_staff", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("on_kiosks", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
