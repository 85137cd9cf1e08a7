"""unique among entries that stand"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

STANDING = sa.text("deleted_at IS NULL")
CONSTRAINTS = {
    "dictionary": "code",
    "region": "code",
    "department": "number",
    "staff_member": "staff_number",
    "service": "prefix",
    "role": "name",
}
INDEXES = {
    "dictionary_entry": ("ux_dictionary_entry", ["dictionary_id", "code"]),
    "special_day": ("ux_special_day", ["outlet_id", "day"]),
    "window": ("ux_window_label", ["outlet_id", "label_text"]),
    "office": ("ux_office_number", ["outlet_id", "number"]),
    "post_holder": ("ux_post_holder", ["post_id", "staff_member_id", "held"]),
    "window_service": ("ux_window_service", ["window_id", "service_id"]),
    "staff_service": ("ux_staff_service", ["staff_member_id", "service_id"]),
}


def upgrade() -> None:
    for table, column in CONSTRAINTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(f"uq_{table}_{column}", type_="unique")
            batch_op.create_index(
                f"ux_{table}_{column}", [column], unique=True, sqlite_where=STANDING, postgresql_where=STANDING
            )
    for table, (name, columns) in INDEXES.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(name)
            batch_op.create_index(name, columns, unique=True, sqlite_where=STANDING, postgresql_where=STANDING)


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
