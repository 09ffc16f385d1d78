"""passwords that must change: whoever shows a session is told so together with who they are.

Revision: 0006, after 0005.

On PostgreSQL the row of the person's password is read through the door of the credentials, beside the session's.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
phase = "expand"

DOORS = (
    "ALTER POLICY doors ON passwords"
    " USING ((SELECT current_setting('topline.door', true)) = ANY ('{{{0}}}'::text[]))"
)


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(DOORS.format("credentials,addresses"))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(DOORS.format("addresses"))
