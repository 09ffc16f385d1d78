"""no figure below nothing: the database refuses what the program refused already.

Revision: 0007, after 0006.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
phase = "expand"
squawk_ignores = {
    "constraint-missing-not-valid": "a hotel has one row a day and one a year in these tables: they are read in no time"
}

CHECKS = {
    "daily_entries": {
        "ck_daily_entries_arrivals_not_negative": "arrivals IS NULL OR arrivals >= 0",
        "ck_daily_entries_room_revenue_not_negative": "room_revenue_minor IS NULL OR room_revenue_minor >= 0",
    },
    "benchmarks": {"ck_benchmarks_growth_range": "growth_bp BETWEEN -10000 AND 100000"},
}


def upgrade() -> None:
    for table, checks in CHECKS.items():
        with op.batch_alter_table(table) as batch_op:
            for name, condition in checks.items():
                batch_op.create_check_constraint(op.f(name), condition)


def downgrade() -> None:
    for table, checks in CHECKS.items():
        with op.batch_alter_table(table) as batch_op:
            for name in checks:
                batch_op.drop_constraint(op.f(name), type_="check")
