"""indexes of what is under way, and of what a service has done on a day"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

LIVE = sa.text("state = 'waiting' OR state = 'called' OR state = 'serving'")
FINISHED = sa.text("state = 'finished'")


def upgrade() -> None:
    op.create_index(
        'ix_ticket_live', 'ticket', ['outlet_id', 'business_day'], sqlite_where=LIVE, postgresql_where=LIVE,
    )
    op.create_index(
        'ix_ticket_done', 'ticket', ['service_id', 'business_day'], sqlite_where=FINISHED, postgresql_where=FINISHED,
    )


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
