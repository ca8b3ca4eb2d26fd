"""Find what an author, or anyone in like words, wrote shortly before."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_author", "messages", ["channel", "chat_id", "author_key", "sent_at"], unique=False)
    op.create_index("ix_revisions_fingerprint", "revisions", ["fingerprint", "received_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_revisions_fingerprint", table_name="revisions")
    op.drop_index("ix_messages_author", table_name="messages")
