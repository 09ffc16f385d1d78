"""a place where a bulk load may put plain PINs until they are hashed.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
phase = "expand"


def upgrade() -> None:
    op.create_table(
        "imported_pins",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["people.organization_id", "people.id"],
            name=op.f("fk_imported_pins_organization_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_imported_pins")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # The planner's statistics hold the commonest values of a column: here they would be plain PINs.
        op.execute("ALTER TABLE imported_pins ALTER COLUMN pin SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("imported_pins")
