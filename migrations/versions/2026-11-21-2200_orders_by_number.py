"""The rows of an order are found by its number: each new row of an order asks for the order's first sale."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    op.create_index(
        "ix_transaction_order",
        "transaction",
        ["workspace_id", "customer_id", "order_id"],
        postgresql_where=sa.text("order_id is not null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_index("ix_transaction_order", table_name="transaction")
