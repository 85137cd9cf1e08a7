"""faults, figures of operation, security trainings, configuration tasks"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

types = server.engine.database.types


def _stamps() -> list[sa.Column]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", types.Utc(), nullable=False),
        sa.Column("created_by", types.Id(length=16), nullable=False),
        sa.Column("changed_at", types.Utc(), nullable=False),
        sa.Column("changed_by", types.Id(length=16), nullable=False),
        sa.Column("deleted_at", types.Utc(), nullable=True),
        sa.Column("search_shadow", sa.Text(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "fault",
        sa.Column("id", types.Id(length=16), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", types.Document(), nullable=False),
        sa.Column("source", sa.String(length=30), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("level", sa.String(length=30), nullable=False),
        sa.Column("found_at", types.Utc(), nullable=True),
        sa.Column("gone_at", types.Utc(), nullable=True),
        sa.Column("handler_id", types.Id(length=16), nullable=True),
        sa.Column("level_since", types.Utc(), nullable=True),
        sa.Column("diagnosis", sa.Text(), nullable=True),
        sa.Column("handling", sa.Text(), nullable=True),
        sa.Column("recovery", sa.Text(), nullable=True),
        sa.Column("closed_at", types.Utc(), nullable=True),
        sa.Column("watch", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("alert_id", types.Id(length=16), nullable=True),
        *_stamps(),
        sa.Column("number_sort", sa.String(length=80), nullable=True),
        sa.Column("name_sort", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["handler_id"], ["staff_member.id"], name=op.f("fk_fault_handler_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
        sa.UniqueConstraint("number", name=op.f("uq_fault_number")),
    )
    op.create_index("ix_fault_found_at", "fault", ["found_at"])
    op.create_index("ix_fault_handler_id", "fault", ["handler_id"])
    op.create_index("ux_fault_alert", "fault", ["alert_id"], unique=True)
    op.create_table(
        "operating_figure",
        sa.Column("id", types.Id(length=16), nullable=False),
        sa.Column("begins_at", types.Utc(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("changes_ms", "slowest_ms", "looks_ms", "load")),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in (
                "programs", "people", "devices", "devices_here", "database_mb", "disk_free_mb", "failed_sign_ins", "faults",
            )
        ),
        *_stamps(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_figure")),
    )  # fmt: skip
    op.create_index("ux_operating_figure_hour", "operating_figure", ["begins_at"], unique=True)
    op.create_table(
        "security_training",
        sa.Column("id", types.Id(length=16), nullable=False),
        sa.Column("name", types.Document(), nullable=False),
        sa.Column("planned_on", types.Day(), nullable=False),
        sa.Column("held_on", types.Day(), nullable=True),
        sa.Column("teacher_id", types.Id(length=16), nullable=True),
        sa.Column("departments", types.Document(), nullable=True),
        sa.Column("attended", types.Document(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        *_stamps(),
        sa.Column("name_sort", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["teacher_id"], ["staff_member.id"], name=op.f("fk_security_training_teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_training")),
    )
    op.create_index("ix_security_training_teacher_id", "security_training", ["teacher_id"])
    op.create_table(
        "configuration_task",
        sa.Column("id", types.Id(length=16), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("name", types.Document(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("parts", types.Document(), nullable=True),
        sa.Column("executed_at", types.Utc(), nullable=True),
        sa.Column("executed_by", types.Id(length=16), nullable=True),
        sa.Column("watched_until", types.Utc(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        *_stamps(),
        sa.Column("number_sort", sa.String(length=80), nullable=True),
        sa.Column("name_sort", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["executed_by"], ["staff_member.id"], name=op.f("fk_configuration_task_executed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_task")),
        sa.UniqueConstraint("number", name=op.f("uq_configuration_task_number")),
    )
    op.create_index("ix_configuration_task_executed_by", "configuration_task", ["executed_by"])


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
