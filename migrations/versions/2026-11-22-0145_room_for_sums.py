"""The sum of amounts may be larger than any of them. Only the limit of the type changes: no row is rewritten."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0030"
branch_labels = None
depends_on = None

COLUMNS = ("revenue", "margin", "cost_to_serve")


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    for column in COLUMNS:
        op.alter_column("customer_metrics", column, type_=sa.Numeric(28, 4))


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for column in COLUMNS:
        op.alter_column("customer_metrics", column, type_=sa.Numeric(18, 4))
