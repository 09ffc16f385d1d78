"""Chain the audit trail, and let nobody change or delete what is in it.

Events that are there already, and those the release before this one goes on recording, are taken into the chain by the
program: in order, each minute.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
phase = "expand"
squawk_ignores = {
    "require-concurrent-index-creation": "a year of a hotel is some 200,000 acts: each index is there within a second, "
    "and only recording an act waits for it"
}

REFUSED = "the audit trail is append-only"
#: Per table, when an UPDATE is let through: when it only blanks personal data, or moves the head on.
FORGETTING = {
    "audit_events": (
        (
            "organization_id",
            "id",
            "at",
            "act",
            "actor_kind",
            "actor_id",
            "subject_type",
            "subject_id",
            "request_id",
        ),
        (("actor_label", "''"), ("address", "''"), ("before", "NULL"), ("after", "NULL")),
    ),
    "audit_seals": (
        ("organization_id", "seq", "event_id", "previous", "who_digest", "what_digest", "hash"),
        (("who_salt", "NULL"), ("what_salt", "NULL")),
    ),
}
INDEXES = {
    "ix_audit_events_about": ["organization_id", "subject_id", "at", "id"],
    "ix_audit_events_actor": ["organization_id", "actor_id", "at", "id"],
    "ix_audit_events_act": ["organization_id", "act", "at", "id"],
}


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_chains",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_audit_chains_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_audit_chains")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("seq", number, autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("who_digest", sa.String(length=64), nullable=False),
        sa.Column("what_digest", sa.String(length=64), nullable=False),
        sa.Column("who_salt", sa.String(length=32), nullable=True),
        sa.Column("what_salt", sa.String(length=32), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_audit_seals_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "seq", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint(
            "organization_id", "event_id", name=op.f("uq_audit_seals_organization_id_event_id")
        ),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "audit_events", columns, unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
    else:
        _refuse_on_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit_events", "audit_seals", "audit_chains"):
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            op.execute(f"DROP FUNCTION {table}_refuse()")
    else:
        for table in ("audit_events", "audit_seals", "audit_chains"):
            op.execute(f"DROP TRIGGER {table}_no_delete")
            op.execute(f"DROP TRIGGER {table}_no_update")
    for name in INDEXES:
        op.drop_index(name, "audit_events")
    op.drop_table("audit_seals")
    op.drop_table("audit_chains")


def _harmless(table: str, same: str) -> str:
    """When an UPDATE of the table is let through; `same` is SQL's word for "equal or both NULL"."""
    if table == "audit_chains":
        return f"NEW.organization_id {same} OLD.organization_id AND NEW.seq >= OLD.seq"
    kept, blanked = FORGETTING[table]
    parts = [f"NEW.{name} {same} OLD.{name}" for name in kept]
    parts += [f"(NEW.{name} {same} OLD.{name} OR NEW.{name} {same} {blank})" for name, blank in blanked]
    return " AND ".join(parts)


def _refuse_on_postgresql() -> None:
    for table in ("audit_events", "audit_seals", "audit_chains"):
        op.execute(
            f"""
            CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF {_harmless(table, "IS NOT DISTINCT FROM")} THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'insufficient_privilege';
            END $$
            """
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def _refuse_on_sqlite() -> None:
    for table in ("audit_events", "audit_seals", "audit_chains"):
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({_harmless(table, 'IS')})"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
