"""first schema.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_organizations_currency_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("bucket", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_failures")),
    )
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_failures_last", ["last_at"], unique=False)

    op.create_table(
        "audit_events",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.String(length=120), nullable=False),
        sa.Column("subject_type", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_audit_events_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_audit_events")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_events_subject", ["organization_id", "subject_type", "subject_id"], unique=False
        )
        batch_op.create_index("ix_audit_events_time", ["organization_id", "at", "id"], unique=False)

    op.create_table(
        "behaviors",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("icon", sa.String(length=30), nullable=False),
        sa.Column("verification", sa.String(length=20), nullable=False),
        sa.Column("place_label", sa.String(length=10), nullable=True),
        sa.Column("asks_amount", sa.Boolean(), nullable=False),
        sa.Column("asks_covers", sa.Boolean(), nullable=False),
        sa.Column("asks_outcome", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "place_label IS NULL OR place_label IN ('room', 'table')", name=op.f("ck_behaviors_known_place")
        ),
        sa.CheckConstraint(
            "verification IN ('self_reported', 'manager', 'evidence')",
            name=op.f("ck_behaviors_known_verification"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_behaviors_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_behaviors")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_behaviors_organization_id_name")),
    )
    op.create_table(
        "decision_batches",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('verified', 'rejected')", name=op.f("ck_decision_batches_known_decision")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_decision_batches_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_decision_batches")),
    )
    with op.batch_alter_table("decision_batches", schema=None) as batch_op:
        batch_op.create_index("ix_decision_batches_time", ["organization_id", "created_at"], unique=False)

    op.create_table(
        "imports",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=True),
        sa.Column("location_id", sa.Uuid(), nullable=True),
        sa.Column("options", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('daily', 'roster')", name=op.f("ck_imports_known_kind")),
        sa.CheckConstraint("status IN ('preview', 'done', 'undone')", name=op.f("ck_imports_known_status")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_imports_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index("ix_imports_time", ["organization_id", "created_at"], unique=False)

    op.create_table(
        "locations",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("turning_hour", sa.Integer(), nullable=False),
        sa.Column("opening_hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rooms_available", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rooms_available IS NULL OR rooms_available >= 0", name=op.f("ck_locations_rooms_not_negative")
        ),
        sa.CheckConstraint("turning_hour BETWEEN 0 AND 12", name=op.f("ck_locations_turning_hour_range")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_locations_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_locations")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_locations_organization_id_name")),
    )
    op.create_table(
        "roles",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("group", sa.String(length=10), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("\"group\" IN ('admin', 'manager', 'staff')", name=op.f("ck_roles_known_group")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_roles_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_roles")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_roles_organization_id_name")),
    )
    op.create_table(
        "behavior_roles",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("behavior_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "behavior_id"],
            ["behaviors.organization_id", "behaviors.id"],
            name=op.f("fk_behavior_roles_organization_id_behavior_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "role_id"],
            ["roles.organization_id", "roles.id"],
            name=op.f("fk_behavior_roles_organization_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "behavior_id", "role_id", name=op.f("pk_behavior_roles")),
    )
    with op.batch_alter_table("behavior_roles", schema=None) as batch_op:
        batch_op.create_index("ix_behavior_roles_role", ["organization_id", "role_id"], unique=False)

    op.create_table(
        "behavior_terms",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("behavior_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("frequency", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "frequency IN ('PER_SHIFT', 'PER_DAY', 'PER_WEEK', 'PER_MONTH')",
            name=op.f("ck_behavior_terms_known_frequency"),
        ),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_behavior_terms_points_range")),
        sa.CheckConstraint("target BETWEEN 0 AND 500", name=op.f("ck_behavior_terms_target_range")),
        sa.ForeignKeyConstraint(
            ["organization_id", "behavior_id"],
            ["behaviors.organization_id", "behaviors.id"],
            name=op.f("fk_behavior_terms_organization_id_behavior_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "behavior_id", "valid_from", name=op.f("pk_behavior_terms")
        ),
    )
    op.create_table(
        "benchmarks",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=False),
        sa.Column("days_open", sa.Integer(), nullable=False),
        sa.Column("growth_bp", sa.Integer(), nullable=False),
        sa.Column("is_estimate", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days_open BETWEEN 1 AND 366", name=op.f("ck_benchmarks_days_range")),
        sa.CheckConstraint("revenue_minor > 0", name=op.f("ck_benchmarks_revenue_positive")),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_benchmarks_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "location_id", "year", name=op.f("pk_benchmarks")),
    )
    op.create_table(
        "closures",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_closures_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "location_id", "business_date", name=op.f("pk_closures")),
    )
    op.create_table(
        "daily_entries",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("revenue_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=True),
        sa.Column("room_revenue_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=True),
        sa.Column("covers", sa.Integer(), nullable=True),
        sa.Column("rooms_sold", sa.Integer(), nullable=True),
        sa.Column("rooms_available", sa.Integer(), nullable=True),
        sa.Column("guests", sa.Integer(), nullable=True),
        sa.Column("arrivals", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'closed', 'adjusted')", name=op.f("ck_daily_entries_known_status")
        ),
        sa.CheckConstraint(
            "covers IS NULL OR covers >= 0", name=op.f("ck_daily_entries_covers_not_negative")
        ),
        sa.CheckConstraint(
            "guests IS NULL OR guests >= 0", name=op.f("ck_daily_entries_guests_not_negative")
        ),
        sa.CheckConstraint(
            "revenue_minor IS NULL OR revenue_minor >= 0", name=op.f("ck_daily_entries_revenue_not_negative")
        ),
        sa.CheckConstraint(
            "rooms_available IS NULL OR rooms_available >= 0",
            name=op.f("ck_daily_entries_rooms_available_not_negative"),
        ),
        sa.CheckConstraint(
            "rooms_sold IS NULL OR rooms_sold >= 0", name=op.f("ck_daily_entries_rooms_sold_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_daily_entries_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_daily_entries")),
        sa.UniqueConstraint(
            "organization_id",
            "location_id",
            "business_date",
            name=op.f("uq_daily_entries_organization_id_location_id_business_date"),
        ),
    )
    with op.batch_alter_table("daily_entries", schema=None) as batch_op:
        batch_op.create_index("ix_daily_entries_date", ["organization_id", "business_date"], unique=False)

    op.create_table(
        "departments",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_departments_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_departments")),
        sa.UniqueConstraint(
            "organization_id",
            "location_id",
            "name",
            name=op.f("uq_departments_organization_id_location_id_name"),
        ),
    )
    op.create_table(
        "devices",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('tablet', 'display')", name=op.f("ck_devices_known_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_devices_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_devices")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index("ix_devices_token", ["token_hash"], unique=True)

    op.create_table(
        "enrollment_codes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_enrollment_codes_organization_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_enrollment_codes")),
    )
    with op.batch_alter_table("enrollment_codes", schema=None) as batch_op:
        batch_op.create_index("ix_enrollment_codes_code", ["code_hash"], unique=True)

    op.create_table(
        "import_changes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["imports.organization_id", "imports.id"],
            name=op.f("fk_import_changes_organization_id_import_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "import_id", "row_number", name=op.f("pk_import_changes")),
    )
    op.create_table(
        "daily_entry_versions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("by_label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "entry_id"],
            ["daily_entries.organization_id", "daily_entries.id"],
            name=op.f("fk_daily_entry_versions_organization_id_entry_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "entry_id", "version", name=op.f("pk_daily_entry_versions")
        ),
    )
    op.create_table(
        "people",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("display_name", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("staff_number", sa.String(length=30), nullable=True),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("color", sa.Integer(), nullable=False),
        sa.Column("shifts_per_week", sa.Integer(), nullable=False),
        sa.Column("wall_opt_out", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("shifts_per_week BETWEEN 0 AND 14", name=op.f("ck_people_shifts_range")),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("fk_people_organization_id_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "role_id"],
            ["roles.organization_id", "roles.id"],
            name=op.f("fk_people_organization_id_role_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_people")),
        sa.UniqueConstraint("organization_id", "email", name=op.f("uq_people_organization_id_email")),
        sa.UniqueConstraint(
            "organization_id", "staff_number", name=op.f("uq_people_organization_id_staff_number")
        ),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(
            "ix_people_department", ["organization_id", "department_id", "active"], unique=False
        )
        batch_op.create_index("ix_people_email", ["email"], unique=False)

    op.create_table(
        "api_keys",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("permissions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_api_keys_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_api_keys")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index("ix_api_keys_token", ["token_hash"], unique=True)

    op.create_table(
        "behavior_logs",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("behavior_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("sign_in_id", sa.Uuid(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("verification", sa.String(length=20), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("place", sa.String(length=10), nullable=True),
        sa.Column("amount_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=True),
        sa.Column("covers", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("metadata", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("flags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("has_evidence", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reject_reason", sa.String(length=20), nullable=True),
        sa.Column("reject_note", sa.String(length=500), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('offered', 'accepted', 'declined')",
            name=op.f("ck_behavior_logs_known_outcome"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'verified', 'rejected', 'undone', 'expired')",
            name=op.f("ck_behavior_logs_known_status"),
        ),
        sa.CheckConstraint(
            "amount_minor IS NULL OR amount_minor >= 0", name=op.f("ck_behavior_logs_amount_not_negative")
        ),
        sa.CheckConstraint(
            "covers IS NULL OR covers >= 0", name=op.f("ck_behavior_logs_covers_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "behavior_id"],
            ["behaviors.organization_id", "behaviors.id"],
            name=op.f("fk_behavior_logs_organization_id_behavior_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "location_id"],
            ["locations.organization_id", "locations.id"],
            name=op.f("fk_behavior_logs_organization_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_behavior_logs_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_behavior_logs")),
    )
    with op.batch_alter_table("behavior_logs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_behavior_logs_day", ["organization_id", "business_date", "id"], unique=False
        )
        batch_op.create_index(
            "ix_behavior_logs_decided",
            ["organization_id", "decided_at", "id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NOT NULL"),
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_behavior_logs_person_day",
            ["organization_id", "person_id", "business_date", "behavior_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_behavior_logs_queue",
            ["organization_id", "business_date", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'pending' AND verification <> 'self_reported'"),
            postgresql_where=sa.text("status = 'pending' AND verification <> 'self_reported'"),
        )

    op.create_table(
        "day_totals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("behavior_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "behavior_id"],
            ["behaviors.organization_id", "behaviors.id"],
            name=op.f("fk_day_totals_organization_id_behavior_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_day_totals_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "business_date", "person_id", "behavior_id", name=op.f("pk_day_totals")
        ),
    )
    with op.batch_alter_table("day_totals", schema=None) as batch_op:
        batch_op.create_index(
            "ix_day_totals_person", ["organization_id", "person_id", "business_date"], unique=False
        )

    op.create_table(
        "passwords",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "password_hash LIKE '$argon2id$%' OR password_hash LIKE '$2_$__$%'",
            name=op.f("ck_passwords_is_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_passwords_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_passwords")),
    )
    op.create_table(
        "person_results",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("revenue_minor", sa.Integer().with_variant(sa.BIGINT(), "postgresql"), nullable=False),
        sa.Column("covers", sa.Integer(), nullable=False),
        sa.CheckConstraint("revenue_minor >= 0 AND covers >= 0", name=op.f("ck_person_results_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "entry_id"],
            ["daily_entries.organization_id", "daily_entries.id"],
            name=op.f("fk_person_results_organization_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_person_results_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "entry_id", "person_id", name=op.f("pk_person_results")),
    )
    with op.batch_alter_table("person_results", schema=None) as batch_op:
        batch_op.create_index(
            "ix_person_results_person", ["organization_id", "person_id", "business_date"], unique=False
        )

    op.create_table(
        "pin_failures",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("consecutive", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_pin_failures_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "device_id", name=op.f("pk_pin_failures")),
    )
    op.create_table(
        "pins",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.String(length=60), nullable=False),
        sa.Column("pepper_version", sa.Integer(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "pin_hash LIKE '$2_$__$%' AND length(pin_hash) = 60", name=op.f("ck_pins_is_bcrypt")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_pins_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_pins")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=30), nullable=True),
        sa.CheckConstraint("kind IN ('tablet', 'browser')", name=op.f("ck_sign_ins_known_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_sign_ins_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sign_ins_device", ["organization_id", "device_id", "created_at"], unique=False
        )
        batch_op.create_index(
            "ix_sign_ins_person", ["organization_id", "person_id", "ended_at"], unique=False
        )
        batch_op.create_index("ix_sign_ins_token", ["token_hash"], unique=True)

    op.create_table(
        "evidence",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("file_key", sa.String(length=120), nullable=False),
        sa.Column("content_type", sa.String(length=20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "log_id"],
            ["behavior_logs.organization_id", "behavior_logs.id"],
            name=op.f("fk_evidence_organization_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "log_id", name=op.f("pk_evidence")),
    )
    op.create_table(
        "log_events",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("log_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.String(length=120), nullable=False),
        sa.Column("status_before", sa.String(length=10), nullable=False),
        sa.Column("status_after", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "log_id"],
            ["behavior_logs.organization_id", "behavior_logs.id"],
            name=op.f("fk_log_events_organization_id_log_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_log_events")),
    )
    with op.batch_alter_table("log_events", schema=None) as batch_op:
        batch_op.create_index("ix_log_events_batch", ["organization_id", "batch_id"], unique=False)
        batch_op.create_index("ix_log_events_log", ["organization_id", "log_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("log_events", schema=None) as batch_op:
        batch_op.drop_index("ix_log_events_log")
        batch_op.drop_index("ix_log_events_batch")

    op.drop_table("log_events")
    op.drop_table("evidence")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_ins_token")
        batch_op.drop_index("ix_sign_ins_person")
        batch_op.drop_index("ix_sign_ins_device")

    op.drop_table("sign_ins")
    op.drop_table("pins")
    op.drop_table("pin_failures")
    with op.batch_alter_table("person_results", schema=None) as batch_op:
        batch_op.drop_index("ix_person_results_person")

    op.drop_table("person_results")
    op.drop_table("passwords")
    with op.batch_alter_table("day_totals", schema=None) as batch_op:
        batch_op.drop_index("ix_day_totals_person")

    op.drop_table("day_totals")
    with op.batch_alter_table("behavior_logs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_behavior_logs_queue",
            sqlite_where=sa.text("status = 'pending' AND verification <> 'self_reported'"),
            postgresql_where=sa.text("status = 'pending' AND verification <> 'self_reported'"),
        )
        batch_op.drop_index("ix_behavior_logs_person_day")
        batch_op.drop_index(
            "ix_behavior_logs_decided",
            sqlite_where=sa.text("decided_at IS NOT NULL"),
            postgresql_where=sa.text("decided_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_behavior_logs_day")

    op.drop_table("behavior_logs")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_api_keys_token")

    op.drop_table("api_keys")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index("ix_people_email")
        batch_op.drop_index("ix_people_department")

    op.drop_table("people")
    op.drop_table("daily_entry_versions")
    op.drop_table("import_changes")
    with op.batch_alter_table("enrollment_codes", schema=None) as batch_op:
        batch_op.drop_index("ix_enrollment_codes_code")

    op.drop_table("enrollment_codes")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index("ix_devices_token")

    op.drop_table("devices")
    op.drop_table("departments")
    with op.batch_alter_table("daily_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_daily_entries_date")

    op.drop_table("daily_entries")
    op.drop_table("closures")
    op.drop_table("benchmarks")
    op.drop_table("behavior_terms")
    with op.batch_alter_table("behavior_roles", schema=None) as batch_op:
        batch_op.drop_index("ix_behavior_roles_role")

    op.drop_table("behavior_roles")
    op.drop_table("roles")
    op.drop_table("locations")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index("ix_imports_time")

    op.drop_table("imports")
    with op.batch_alter_table("decision_batches", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_batches_time")

    op.drop_table("decision_batches")
    op.drop_table("behaviors")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_events_time")
        batch_op.drop_index("ix_audit_events_subject")

    op.drop_table("audit_events")
    with op.batch_alter_table("sign_in_failures", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_failures_last")

    op.drop_table("sign_in_failures")
    op.drop_table("organizations")
    op.drop_table("installation")
