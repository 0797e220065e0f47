"""Recorded mails are found by their Message-ID: a provider's event names the message, not the customer."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.create_index(
        "ix_interaction_message",
        "interaction",
        ["workspace_id", "message_id"],
        postgresql_where=sa.text("message_id is not null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.drop_index("ix_interaction_message", table_name="interaction")
