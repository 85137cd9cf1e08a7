"""indexes that keep a long day as quick as a short one"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BUSY = sa.text("state = 'called' OR state = 'serving'")
FINISHED = sa.text("state = 'finished'")
CALLED = sa.text("called_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        'ix_ticket_busy', 'ticket', ['zone_id', 'business_day', 'called_at'], sqlite_where=BUSY, postgresql_where=BUSY,
    )
    op.create_index(
        'ix_ticket_window', 'ticket', ['window_id', 'business_day', 'zone_id'],
        sqlite_where=FINISHED, postgresql_where=FINISHED,
    )
    # The same index without the tickets that nobody called yet: issuing wrote to it for nothing.
    op.drop_index('ix_ticket_called', 'ticket')
    op.create_index(
        'ix_ticket_called', 'ticket', ['zone_id', 'business_day', sa.text('called_at DESC')],
        sqlite_where=CALLED, postgresql_where=CALLED,
    )


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
