"""${message}"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
