"""Role groups, mandates, second proofs, sessions"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('role_group',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('name', server.engine.database.types.Document(), nullable=False),
    sa.Column('roles', server.engine.database.types.Document(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_group'))
    )
    op.create_table('mandate',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('giver_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('taker_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('roles', server.engine.database.types.Document(), nullable=True),
    sa.Column('starts_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('ends_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('state', sa.String(length=30), nullable=False),
    sa.Column('answered_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['giver_id'], ['staff_member.id'], name=op.f('fk_mandate_giver_id')),
    sa.ForeignKeyConstraint(['taker_id'], ['staff_member.id'], name=op.f('fk_mandate_taker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate'))
    )
    with op.batch_alter_table('mandate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mandate_giver_id'), ['giver_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mandate_taker_id'), ['taker_id'], unique=False)

    op.create_table('substitute',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('person_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('substitute_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('held', sa.String(length=21), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['staff_member.id'], name=op.f('fk_substitute_person_id')),
    sa.ForeignKeyConstraint(['substitute_id'], ['staff_member.id'], name=op.f('fk_substitute_substitute_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_substitute'))
    )
    with op.batch_alter_table('substitute', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_substitute_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_substitute_substitute_id'), ['substitute_id'], unique=False)

    op.create_table('account_grant',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('account_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('permission', sa.String(length=80), nullable=False),
    sa.Column('level', sa.String(length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('permission_sort', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_grant_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_grant'))
    )
    with op.batch_alter_table('account_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_grant_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ux_account_grant_held', ['account_id', 'permission'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    op.create_table('account_group',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('account_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('role_group_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_group_account_id')),
    sa.ForeignKeyConstraint(['role_group_id'], ['role_group.id'], name=op.f('fk_account_group_role_group_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_group'))
    )
    with op.batch_alter_table('account_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_group_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_group_role_group_id'), ['role_group_id'], unique=False)
        batch_op.create_index('ux_account_group_held', ['account_id', 'role_group_id'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    op.create_table('external_identity',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('account_id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('last_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('subject_sort', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_external_identity_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_identity'))
    )
    with op.batch_alter_table('external_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_external_identity_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ux_external_identity_known', ['provider', 'subject'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person_name', server.engine.database.types.Document(), nullable=True))
        batch_op.add_column(sa.Column('outlet_id', server.engine.database.types.Id(length=16), nullable=True))
        batch_op.add_column(sa.Column('directory', sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column('second_factor', sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column('second_factor_since', server.engine.database.types.Utc(), nullable=True))
        batch_op.add_column(sa.Column('second_step', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('recovery', server.engine.database.types.Document(), nullable=True))
        batch_op.add_column(sa.Column('pin_hash', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('card_index', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('password_at', server.engine.database.types.Utc(), nullable=True))
        batch_op.add_column(sa.Column('person_name_sort', sa.String(length=80), nullable=True))
        batch_op.create_index(batch_op.f('ix_account_outlet_id'), ['outlet_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_account_card_index'), ['card_index'])
        batch_op.create_foreign_key(batch_op.f('fk_account_outlet_id'), 'outlet', ['outlet_id'], ['id'])

    with op.batch_alter_table('account_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ux_account_role'))
        batch_op.create_index('ux_account_role_held', ['account_id', 'role_id'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    with op.batch_alter_table('access_token', schema=None) as batch_op:
        batch_op.add_column(sa.Column('seen_at', server.engine.database.types.Utc(), nullable=True))

    # Accounts that stand are listed with their people's names at once.
    op.execute(
        "UPDATE account SET person_name = (SELECT name FROM staff_member WHERE staff_member.id = account.staff_member_id)"
    )


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
