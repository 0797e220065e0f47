"""What the import worker needs: who is who in a file, whom it touched, and how often it was begun in vain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0020"
branch_labels = None
depends_on = None

CURRENT_WORKSPACE = "nullif(current_setting('app.workspace_id', true), '')::uuid"
IDENTITY = (
    "coalesce('id ' || external_id, 'siret ' || siret, 'siren ' || siren, 'vat ' || vat_number,"
    " 'email ' || lower(email),"
    " 'name ' || fold(name) || ' ' || coalesce(phone, '') || ' ' || coalesce(postal_code, ''))"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for column in ("staged_through", "customers_created"):
        op.add_column("import", sa.Column(column, sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("import", sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("import", sa.Column("columns", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("import_customer_row", sa.Column("customer_id", sa.UUID(), nullable=True))
    op.add_column(
        "import_customer_row", sa.Column("identity", sa.Text(), sa.Computed(IDENTITY, persisted=True), nullable=True)
    )
    op.drop_index("ix_import_customer_row_workspace_id_import_id_external_id", "import_customer_row")
    op.create_index(
        "ix_import_customer_row_workspace_id_import_id_identity",
        "import_customer_row",
        ["workspace_id", "import_id", "identity"],
    )
    op.create_index(
        "ix_import_transaction_row_order",
        "import_transaction_row",
        ["workspace_id", "import_id", "customer_external_id", "order_id"],
        postgresql_where=sa.text("order_id is not null"),
    )
    op.create_table(
        "import_touch",
        sa.Column("workspace_id", sa.UUID(), nullable=False),
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("through_line", sa.Integer(), nullable=False),
        sa.Column("customer_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"],
            ["import.workspace_id", "import.id"],
            name="fk_import_touch_import_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "import_id", "through_line", name=op.f("pk_import_touch")),
    )
    op.execute("alter table import_touch enable row level security")
    op.execute(f"create policy of_workspace on import_touch using (workspace_id = {CURRENT_WORKSPACE})")
    op.execute("grant select, insert, update, delete on import_touch to portefeuille_api")


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_table("import_touch")
    op.drop_index("ix_import_transaction_row_order", "import_transaction_row")
    op.drop_index("ix_import_customer_row_workspace_id_import_id_identity", "import_customer_row")
    op.create_index(
        "ix_import_customer_row_workspace_id_import_id_external_id",
        "import_customer_row",
        ["workspace_id", "import_id", "external_id"],
    )
    for column in ("identity", "customer_id"):
        op.drop_column("import_customer_row", column)
    for column in ("columns", "attempts", "customers_created", "staged_through"):
        op.drop_column("import", column)
