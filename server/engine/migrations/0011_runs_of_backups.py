"""runs of backups"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backup_run",
        sa.Column("id", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("began_at", server.engine.database.types.Utc(), nullable=True),
        sa.Column("ended_at", server.engine.database.types.Utc(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("size_kb", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=500), nullable=True),
        sa.Column("encrypted", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.String(length=80), nullable=True),
        sa.Column("problem_facts", server.engine.database.types.Document(), nullable=True),
        sa.Column("findings", server.engine.database.types.Document(), nullable=True),
        sa.Column("stage", sa.String(length=80), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("beat_at", server.engine.database.types.Utc(), nullable=True),
        sa.Column("stop_wanted", sa.Boolean(), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", server.engine.database.types.Utc(), nullable=False),
        sa.Column("created_by", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("changed_at", server.engine.database.types.Utc(), nullable=False),
        sa.Column("changed_by", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("deleted_at", server.engine.database.types.Utc(), nullable=True),
        sa.Column("search_shadow", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_run")),
        sa.UniqueConstraint("slot", name=op.f("uq_backup_run_slot")),
    )
    with op.batch_alter_table("backup_run", schema=None) as batch_op:
        batch_op.create_index("ix_backup_run_began_at", ["began_at"], unique=False)


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
