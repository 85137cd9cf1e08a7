"""answers of keys lie in a plain table"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite only: whole answers in the order of random hashes dirtied three pages of four kilobytes a ticket, their index
    # alone one. The columns stay as they were.
    if op.get_bind().dialect.name != 'sqlite':
        return
    op.execute('ALTER TABLE action_key RENAME TO action_key_before')
    op.execute('DROP INDEX ix_action_key_at')
    op.execute(
        'CREATE TABLE action_key (scope BLOB NOT NULL, digest BLOB NOT NULL, at VARCHAR(26) NOT NULL, result BLOB, '
        'CONSTRAINT pk_action_key PRIMARY KEY (scope))'
    )
    op.execute('INSERT INTO action_key SELECT scope, digest, at, result FROM action_key_before ORDER BY at')
    op.execute('DROP TABLE action_key_before')
    op.create_index('ix_action_key_at', 'action_key', ['at'])


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
