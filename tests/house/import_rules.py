"""Who may import what of whom: the part of decision 0004 that import contracts cannot say.

Of another domain only `queries`, `actions` and `rules` are anybody's business; its `models` only a `queries` file's,
for a join. Inside a domain, `api` and `pages` are thin and never see tables; `rules` see nothing but pure code.
"""

import ast
from collections.abc import Iterator

from tests.house.repo import Finding

#: Below the domains: what they stand on. Above them: the command line, which starts whatever a command is about.
NOT_DOMAINS = {"core", "infra", "web", "cli"}
#: `events` are the frozen values published after a commit; `catalog` is pure data that a domain ships; `importing` is
#: pure too, and turns the rows of a file into a domain's typed values.
OPEN_TO_OTHERS = {"queries", "actions", "rules", "events", "catalog", "importing"}
#: Within one domain: what each kind of file must not import.
FORBIDDEN_INSIDE = {
    "api": {"models", "pages"},
    "pages": {"models", "api"},
    "schemas": {"models", "actions", "api", "pages"},
    "actions": {"schemas", "api", "pages"},
    "queries": {"api", "pages", "actions"},
    "models": {"queries", "actions", "schemas", "api", "pages"},
    "rules": {"models", "queries", "actions", "schemas", "api", "pages"},
}
IMPURE_CORE = {"clock", "db", "settings", "transaction"}


def only_open_parts_of_another_domain(path: str, tree: ast.Module) -> Iterator[Finding]:
    here = _place(path)
    if here is None:
        return
    domain, part = here
    for line, other, other_part in _imports(tree):
        if other in NOT_DOMAINS or other == domain or other_part == "":
            continue
        for_a_join = other_part == "models" and part == "queries"
        if other_part not in OPEN_TO_OTHERS and not for_a_join:
            why = (
                "of another domain import queries, actions or rules; its models only from queries, for a join"
            )
            yield Finding("neighbor", path, line, f"topline.{other}.{other_part}", why)


def parts_of_a_domain_keep_their_order(path: str, tree: ast.Module) -> Iterator[Finding]:
    here = _place(path)
    if here is None:
        return
    domain, part = here
    for line, other, other_part in _imports(tree):
        if other == domain and other_part in FORBIDDEN_INSIDE.get(part, set()):
            yield Finding("order", path, line, f"topline.{other}.{other_part}", f"{part} must not import it")


def rules_import_only_pure_code(path: str, tree: ast.Module) -> Iterator[Finding]:
    here = _place(path)
    if here is None or here[1] != "rules":
        return
    for line, other, other_part in _imports(tree):
        pure = other_part not in IMPURE_CORE if other == "core" else other_part in ("rules", "catalog")
        if not pure:
            why = "rules take values and time, and see no database, web, clock or settings"
            yield Finding("pure", path, line, f"topline.{other}.{other_part}", why)


def _place(path: str) -> tuple[str, str] | None:
    """(domain, part) of a file inside a domain: `src/topline/people/queries/roster.py` is part `queries`."""
    words = path.removeprefix("src/topline/").removesuffix(".py").split("/")
    if len(words) < 2 or words[0] in NOT_DOMAINS:
        return None
    return words[0], words[1]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(line, package, part) of each import of our own: both `topline.people.queries` and `topline.people` + name."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            words = name.split(".")
            if words[0] == "topline" and len(words) > 1:
                yield node.lineno, words[1], words[2] if len(words) > 2 else ""  # type: ignore[attr-defined]
