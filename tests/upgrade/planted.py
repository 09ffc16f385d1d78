"""Revisions written by a test: a copy of the real folder with more files at its end."""

import shutil
from pathlib import Path
from textwrap import dedent

from tests.support.databases import ROOT
from topline.core.schema import head

HEAD = """
\"\"\"{summary}.\"\"\"
import os, signal, time
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{number}", "{before}", None, None
"""


class Folder:
    """A folder of revisions that grows at its end."""

    def __init__(self, path: Path) -> None:
        self.path = path / "migrations"
        shutil.copytree(ROOT / "migrations", self.path)
        self.head = head()

    def plant(self, body: str, summary: str = "Planted") -> str:
        """Add a revision; `body` says its phase and has `upgrade` and `downgrade`. Returns its number."""
        number = f"{int(self.head) + 1:04d}"
        text = HEAD.format(summary=summary, number=number, before=self.head).lstrip() + dedent(body)
        (self.path / "versions" / f"{number}_planted.py").write_text(text)
        self.head = number
        return number


#: A new table: the plainest revision there is.
A_TABLE = """
phase = "expand"
def upgrade():
    op.create_table("planted", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.String(20)))
def downgrade():
    op.drop_table("planted")
"""
#: A new column of a table with rows.
A_COLUMN = """
phase = "expand"
def upgrade():
    op.add_column("locations", sa.Column("stars", sa.Integer))
def downgrade():
    op.drop_column("locations", "stars")
"""
#: Takes something away that releases before {needs} used.
A_CONTRACT = """
phase, needs = "contract", "{needs}"
def upgrade():
    op.drop_column("locations", "stars")
def downgrade():
    op.add_column("locations", sa.Column("stars", sa.Integer))
"""
#: Half of it works.
HALF = """
phase = "expand"
def upgrade():
    op.create_table("planted", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("UPDATE locations SET name = name || ' lost'")
    {then}
def downgrade():
    op.drop_table("planted")
"""
