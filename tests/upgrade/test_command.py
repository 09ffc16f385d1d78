"""What an operator sees of `topline migrate`."""

from click.testing import CliRunner

from topline.cli import cli
from topline.core.schema import head, position, revisions

FIRST = revisions()[0]


def run(url: str, *arguments: str) -> tuple[int, list[str]]:
    """Exit code and lines."""
    done = CliRunner().invoke(cli, ["migrate", *arguments], env={"TOPLINE_DATABASE_URL": url})
    return done.exit_code, done.output.splitlines()


def test_up_tells_what_it_ran_and_how_to_get_back(database_url: str) -> None:
    code, said = run(database_url, "down", FIRST)
    assert (code, said[-1]) == (0, f"schema at {FIRST}")
    assert run(database_url, "status")[0] == 1
    code, said = run(database_url, "up")
    assert code == 0
    assert [line.split()[:2] for line in said[:-2]] == [[number, "up:"] for number in revisions()[1:]]
    assert said[-2:] == [f"schema at {head()}", f"back again: topline migrate down {FIRST}"]
    assert run(database_url, "up") == (0, [f"schema at {head()}"])
    assert run(database_url, "status") == (0, [f"schema at {head()}, this release has {head()}"])


def test_plan_changes_nothing_and_tells_both_ways(database_url: str) -> None:
    assert run(database_url, "plan") == (0, [f"nothing to run: the schema is at {head()}"])
    code, said = run(database_url, "plan", FIRST)
    assert code == 0
    assert [line.split()[:2] for line in said] == [["down", number] for number in reversed(revisions()[1:])]
    assert position(database_url).current == head()
    run(database_url, "down", FIRST)
    code, said = run(database_url, "plan")
    assert code == 0
    assert [line.split()[1] for line in said if line.startswith("up ")] == list(revisions()[1:])
    assert said[1].startswith("         can go down; that drops ")
    assert " authenticators, " in said[1]
    assert position(database_url).current == FIRST


def test_plan_shows_the_statements(database_url: str) -> None:
    run(database_url, "down", FIRST)
    code, said = run(database_url, "plan", "0002", "--sql")
    assert code == 0
    assert "CREATE TABLE authenticators (" in said
    assert "SET lock_timeout = '500ms';" in said
    assert not [line for line in said if line.startswith("up 0003")]


def test_down_says_what_would_be_lost_and_waits_to_be_told(year_url: str) -> None:
    code, said = run(year_url, "down", FIRST)
    assert code == 1
    assert said[0] == f"Going down from {head()} to {FIRST} throws away what only the newer schema holds:"
    assert "  authenticators: 20 rows" in said
    assert "  sign_ins.agent: 2,000 values" in said
    assert said[-1] == f"Error: nothing was changed; to go on: topline migrate down {FIRST} --yes"
    assert position(year_url).current == head()
    code, said = run(year_url, "down", FIRST, "--yes")
    assert (code, said[-1]) == (0, f"schema at {FIRST}")


def test_a_revision_that_is_not_there_is_a_sentence(database_url: str) -> None:
    code, said = run(database_url, "up", "0999")
    assert code == 1
    assert said == [f"Error: there is no revision 0999; this release has {', '.join(revisions())}"]
