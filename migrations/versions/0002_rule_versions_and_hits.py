"""Which rule file was in force when, and which rules fired on what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origin IN ('bestand', 'console', 'teruggezet')", name=op.f("ck_rule_versions_origin")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_versions")),
    )
    op.create_index(op.f("ix_rule_versions_hash"), "rule_versions", ["hash"], unique=False)
    op.create_table(
        "rule_hits",
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("revision_pk", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_pk"], ["revisions.id"], name=op.f("fk_rule_hits_revision_pk_revisions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("rule_id", "revision_pk", name=op.f("pk_rule_hits")),
    )
    op.create_index("ix_rule_hits_revision_pk", "rule_hits", ["revision_pk"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_rule_hits_revision_pk", table_name="rule_hits")
    op.drop_table("rule_hits")
    op.drop_index(op.f("ix_rule_versions_hash"), table_name="rule_versions")
    op.drop_table("rule_versions")
