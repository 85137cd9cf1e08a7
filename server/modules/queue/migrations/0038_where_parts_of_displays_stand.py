"""where parts of displays stand"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("display_layout", sa.Column("parts", server.engine.database.types.Document(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
