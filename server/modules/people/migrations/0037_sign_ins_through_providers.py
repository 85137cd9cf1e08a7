"""sign-ins through providers"""

import sqlalchemy as sa
from alembic import op

import server.engine.database.types


revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('waiting_identity',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('provider', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('sign_in_name', sa.String(length=80), nullable=False),
    sa.Column('full_name', sa.String(length=200), nullable=False),
    sa.Column('mail', sa.String(length=200), nullable=True),
    sa.Column('last_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('sign_in_name_sort', sa.String(length=80), nullable=True),
    sa.Column('full_name_sort', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_waiting_identity'))
    )
    with op.batch_alter_table('waiting_identity', schema=None) as batch_op:
        batch_op.create_index('ux_waiting_identity', ['provider', 'subject'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    op.create_table('workplace',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('name', server.engine.database.types.Document(), nullable=False),
    sa.Column('roles', server.engine.database.types.Document(), nullable=True),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('start', sa.String(length=80), nullable=True),
    sa.Column('menu', server.engine.database.types.Document(), nullable=True),
    sa.Column('hidden_buttons', server.engine.database.types.Document(), nullable=True),
    sa.Column('searches', server.engine.database.types.Document(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.String(length=80), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workplace'))
    )
    op.create_table('identity_provider',
    sa.Column('id', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('name', server.engine.database.types.Document(), nullable=False),
    sa.Column('symbol', sa.String(length=30), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('code', sa.String(length=30), nullable=False),
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('client_id', sa.String(length=200), nullable=False),
    sa.Column('client_secret', sa.String(length=1000), nullable=True),
    sa.Column('secret_since', server.engine.database.types.Utc(), nullable=True),
    sa.Column('scopes', sa.String(length=200), nullable=False),
    sa.Column('claim_name', sa.String(length=80), nullable=True),
    sa.Column('claim_full_name', sa.String(length=80), nullable=True),
    sa.Column('claim_mail', sa.String(length=80), nullable=True),
    sa.Column('claim_number', sa.String(length=80), nullable=True),
    sa.Column('known_by', sa.String(length=30), nullable=False),
    sa.Column('newcomers_id', server.engine.database.types.Id(length=16), nullable=True),
    sa.Column('asks_anew', sa.Boolean(), nullable=False),
    sa.Column('leaves_too', sa.Boolean(), nullable=False),
    sa.Column('loopback_port', sa.Integer(), nullable=False),
    sa.Column('web_return', sa.String(length=300), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('created_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('changed_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('changed_by', server.engine.database.types.Id(length=16), nullable=False),
    sa.Column('deleted_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('search_shadow', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.String(length=80), nullable=True),
    sa.Column('code_sort', sa.String(length=80), nullable=True),
    sa.ForeignKeyConstraint(['newcomers_id'], ['role.id'], name=op.f('fk_identity_provider_newcomers_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_provider'))
    )
    with op.batch_alter_table('identity_provider', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identity_provider_newcomers_id'), ['newcomers_id'], unique=False)
        batch_op.create_index('ux_identity_provider_code', ['code'], unique=True, sqlite_where=sa.text('deleted_at IS NULL'), postgresql_where=sa.text('deleted_at IS NULL'))

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('in_view', server.engine.database.types.Document(), nullable=True))

    op.create_table('provider_sign_in',
    sa.Column('state', sa.LargeBinary(length=32), nullable=False),
    sa.Column('ticket', sa.LargeBinary(length=32), nullable=False),
    sa.Column('provider', sa.String(length=30), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('begun_at', server.engine.database.types.Utc(), nullable=False),
    sa.Column('used_at', server.engine.database.types.Utc(), nullable=True),
    sa.Column('account_id', server.engine.database.types.Id(length=16), nullable=True),
    sa.Column('session', sa.LargeBinary(length=32), nullable=True),
    sa.PrimaryKeyConstraint('state', name=op.f('pk_provider_sign_in'))
    )
    with op.batch_alter_table('provider_sign_in', schema=None) as batch_op:
        batch_op.create_index('ix_provider_sign_in_begun', ['begun_at'], unique=False)
        batch_op.create_index('ix_provider_sign_in_session', ['session'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a release only adds; restore the backup that migrate took")
