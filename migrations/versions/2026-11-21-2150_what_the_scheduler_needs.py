"""What the scheduler needs: notices to users, who are no customers, and messages by their enrollment and by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A migration never waits behind a long transaction: it gives up, and is run again.
    op.execute("set local lock_timeout = '4s'")
    op.alter_column("message", "customer_id", existing_type=sa.UUID(), nullable=True)
    op.create_index("ix_message_enrollment", "message", ["workspace_id", "enrollment_id"])
    op.create_index("ix_message_queued_at", "message", ["workspace_id", "queued_at"])


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_index("ix_message_queued_at", table_name="message")
    op.drop_index("ix_message_enrollment", table_name="message")
    op.execute("delete from message where customer_id is null")
    op.alter_column("message", "customer_id", existing_type=sa.UUID(), nullable=False)
