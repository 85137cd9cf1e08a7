"""how displays look"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "display_layout",
        sa.Column("id", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("name", server.engine.database.types.Document(), nullable=False),
        sa.Column("zone_id", server.engine.database.types.Id(length=16), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("earlier", sa.Boolean(), nullable=False),
        sa.Column("queues", sa.Boolean(), nullable=False),
        sa.Column("ticker", sa.Boolean(), nullable=False),
        sa.Column("second_date", sa.String(length=30), nullable=False),
        sa.Column("welcome", server.engine.database.types.Document(), nullable=True),
        sa.Column("welcome_after", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", server.engine.database.types.Utc(), nullable=False),
        sa.Column("created_by", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("changed_at", server.engine.database.types.Utc(), nullable=False),
        sa.Column("changed_by", server.engine.database.types.Id(length=16), nullable=False),
        sa.Column("deleted_at", server.engine.database.types.Utc(), nullable=True),
        sa.Column("search_shadow", sa.Text(), nullable=False),
        sa.Column("name_sort", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_display_layout_zone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display_layout")),
    )
    op.create_index(op.f("ix_display_layout_zone_id"), "display_layout", ["zone_id"], unique=False)


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
