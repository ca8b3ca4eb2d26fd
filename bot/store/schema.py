"""The tables. `migrations/` builds them; a test proves that both say the same, on SQLite and PostgreSQL.

Reading order is the order in which a reaction travels: message → revision → case → decision → effect → audit.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)

from bot.store.types import String, Text, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# ── what came in ──────────────────────────────────────────────────────────────────────────────────────────────────

chats = Table(
    "chats",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("chat_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("message_id", String(64), nullable=False),
    Column("thread_id", String(64)),
    Column("reply_to", String(64)),
    Column("post_id", String(64)),  # the platform's id of the post, in the same chat
    Column("kind", String(10), nullable=False),
    Column("author_key", String(32), nullable=False),
    Column("author_role", String(12), nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("link", Text),
    Column("revision", Integer, nullable=False),  # number of the newest revision
    Column("history", Boolean, nullable=False, server_default=false()),  # imported: analysed, opens no case
    Column("deleted_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
    UniqueConstraint("channel", "chat_id", "message_id"),
    Index("ix_messages_thread", "channel", "chat_id", "post_id"),
    Index("ix_messages_sent_at", "sent_at"),
    Index("ix_messages_author", "channel", "chat_id", "author_key", "sent_at"),
)

# The inbox: a revision is stored before anything else happens to it, and stays `pending` until it has been judged.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_pk", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("quoted", Text, nullable=False),
    Column("forwarded", Text, nullable=False),
    Column("attachments", JSON, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("content_hash", String(64), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # pending | done | skipped | failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("analysis", Text),
    Column("fingerprint", String(64), nullable=False, server_default=""),
    UniqueConstraint("message_pk", "number"),
    Index("ix_revisions_state", "state", "id"),
    Index("ix_revisions_fingerprint", "fingerprint", "received_at"),
    CheckConstraint("state IN ('pending', 'done', 'skipped', 'failed')", name="state"),
)

# Which house rules fired on a revision; `active` is false where the rule only ran in the shadow. Never per person.
rule_hits = Table(
    "rule_hits",
    metadata,
    Column("rule_id", String(80), primary_key=True),
    Column("revision_pk", ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("active", Boolean, nullable=False),
    Index("ix_rule_hits_revision_pk", "revision_pk"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

unreadable = Table(
    "unreadable",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("payload", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# ── who decides ───────────────────────────────────────────────────────────────────────────────────────────────────

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("roles", JSON, nullable=False),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("face", String(10), primary_key=True),
    Column("platform_id", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
)

# ── cases and decisions ───────────────────────────────────────────────────────────────────────────────────────────

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    # `version` moves when what the buttons mean has changed (optimistic locking); `card_version` on anything visible.
    Column("version", Integer, nullable=False),
    Column("card_version", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("chat_id", String(64), nullable=False),
    Column("message_pk", ForeignKey("messages.id"), nullable=False),
    Column("revision_pk", ForeignKey("revisions.id"), nullable=False),
    Column("severity", Integer),
    Column("fingerprint", String(64), nullable=False),
    Column("like_count", Integer, nullable=False, server_default="1"),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("not_evaluated", JSON, nullable=False),
    Column("suggestion_index", Integer, nullable=False, server_default="0"),
    Column("closed_because", Text, nullable=False, server_default=""),
    Column("claimed_by", ForeignKey("people.id")),
    Column("claimed_until", UtcDateTime),
    # No foreign key: it would make a circle with decisions.case_id, which SQLite cannot alter in place.
    Column("decision_id", Integer),
    Column("proposal_id", Integer),
    Column("returned_because", Text, nullable=False, server_default=""),
    Column("reminded_at", UtcDateTime),
    UniqueConstraint("revision_pk", "kind"),
    Index("ix_cases_queue", "state", "kind", "severity", "opened_at"),
    Index("ix_cases_fingerprint", "fingerprint", "channel", "chat_id", "kind", "state"),
    Index("ix_cases_message_pk", "message_pk"),
)

# Like messages gathered in one alert: a raid of a hundred is one case that counts them (trap 16).
case_members = Table(
    "case_members",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("revision_pk", ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_case_members_revision_pk", "revision_pk"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("frame", String(60)),
    Column("value", String(60)),
    Column("approach", String(60), nullable=False),
    Column("checks", JSON, nullable=False),
    UniqueConstraint("case_id", "position"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("action", String(30), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("via", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("original", Text, nullable=False),
    Column("rule_id", String(80), nullable=False),
    Column("reason", Text, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", ForeignKey("people.id")),
)

# The outbox: written in the transaction of the decision, sent once.
effects = Table(
    "effects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(25), nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("message_pk", ForeignKey("messages.id"), nullable=False),
    Column("revision_pk", ForeignKey("revisions.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("sent_message_id", String(64)),
    Column("link", Text),
    Column("error", Text, nullable=False, server_default=""),
    Index("ix_effects_due", "channel", "state", "not_before"),
)

# One card per case and staff face; `version` is the `card_version` that it shows.
cards = Table(
    "cards",
    metadata,
    Column("face", String(10), primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("ref", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_cards_ref", "face", "ref"),
)

# ── what happened ─────────────────────────────────────────────────────────────────────────────────────────────────

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("level", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("name", String(60), nullable=False),
    Column("actor", String(80), nullable=False),
    Column("case_id", Integer, index=True),
    Column("message_pk", Integer),
    Column("data", Text, nullable=False),  # canonical JSON: what was hashed is what stands here
    Column("hash", String(64), nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)

# A job takes its slot here before it runs, so that a changed clock or a second process does not run it twice.
job_runs = Table(
    "job_runs",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("slot", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

# Every rule file that was ever in force, with its lists: `lists` maps a file's name beside the rule file to its text.
rule_versions = Table(
    "rule_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("lists", JSON, nullable=False),
    Column("author", String(80), nullable=False),
    Column("origin", String(20), nullable=False),  # bestand | console | teruggezet
    Column("note", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("origin IN ('bestand', 'console', 'teruggezet')", name="origin"),
)
