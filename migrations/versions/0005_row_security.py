"""row security: on PostgreSQL a forgotten filter shows nothing.

Revision: 0005, after 0004.

`protect_rows(table, doors)` is for later revisions, too: whoever makes a table with `organization_id` calls it in the
same revision. It shows a row to a transaction that named its organization in `topline.organizations`, to one that came
through one of the table's `doors` (reading only), and to whoever says `everywhere`.

The release before names no organization. In a database that is in use the policies therefore stand ready and are
switched on by `topline rows on`, once its last process has ended; in a new database they hold at once.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
phase = "expand"

#: Table → the doors through which it is read before the organization is known.
TABLES = {
    "api_keys": "credentials",
    "audit_chains": "",
    "audit_events": "",
    "audit_seals": "",
    "authenticators": "credentials",
    "behavior_logs": "",
    "behavior_roles": "",
    "behavior_terms": "",
    "behaviors": "",
    "benchmarks": "",
    "closures": "",
    "daily_entries": "",
    "daily_entry_versions": "",
    "day_totals": "",
    "decision_batches": "",
    "departments": "",
    "devices": "credentials",
    "enrollment_codes": "codes",
    "evidence": "",
    "import_changes": "",
    "imported_pins": "",
    "imports": "",
    "locations": "",
    "log_events": "",
    "passkeys": "credentials",
    "password_links": "credentials",
    "passwords": "addresses",
    "people": "credentials,addresses",
    "person_results": "",
    "pin_failures": "",
    "pins": "",
    "recovery_codes": "",
    "roles": "credentials,addresses",
    "sign_in_refusals": "",
    "sign_ins": "credentials",
    "organizations": "credentials,addresses,houses",
}

# The settings are read once a statement, not once a row: that is what the inner SELECTs are for.
PROTECT = """
CREATE FUNCTION protect_rows(target regclass, doors text[] DEFAULT '{}', enforced boolean DEFAULT true)
RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    door CONSTANT text DEFAULT $$(SELECT current_setting('topline.door', true))$$;
    named CONSTANT text DEFAULT
        $$((SELECT nullif(current_setting('topline.organizations', true), '')::uuid[])::uuid[])$$;
    key CONSTANT text DEFAULT CASE WHEN target = 'organizations'::regclass THEN 'id' ELSE 'organization_id' END;
BEGIN
    EXECUTE format('CREATE POLICY own_rows ON %s USING (%I = ANY (%s))', target, key, named);
    EXECUTE format('CREATE POLICY everywhere ON %s USING (%s = %L)', target, door, 'everywhere');
    IF doors <> '{}' THEN
        EXECUTE format('CREATE POLICY doors ON %s FOR SELECT USING (%s = ANY (%L::text[]))', target, door, doors);
    END IF;
    IF enforced THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    END IF;
END
$body$
"""


def upgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    op.execute(PROTECT)
    each = "".join(
        f"PERFORM protect_rows('{table}', '{{{doors}}}', is_new); " for table, doors in TABLES.items()
    )
    op.execute(
        f"DO $$ DECLARE is_new boolean DEFAULT NOT EXISTS (SELECT FROM organizations); BEGIN {each}END $$"
    )


def downgrade() -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    for table, doors in TABLES.items():
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
        for policy in ("own_rows", "everywhere", *(["doors"] if doors else [])):
            op.execute(f"DROP POLICY {policy} ON {table}")
    op.execute("DROP FUNCTION protect_rows")
