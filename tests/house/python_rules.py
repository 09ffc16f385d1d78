"""Rules about what a Python file may do: commit, read the clock or the environment, calculate with money."""

import ast
from collections.abc import Iterator

from tests.house.repo import Finding

TRANSACTION = "src/topline/core/transaction.py"
CLOCK = "src/topline/core/clock.py"
SETTINGS = "src/topline/core/settings.py"

CLOCK_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "func.now",
    "func.current_timestamp",
    "func.current_date",
}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv", "environ"}
MONEY_ENDING = "_minor"


def only_the_transaction_commits(path: str, tree: ast.Module) -> Iterator[Finding]:
    if path == TRANSACTION:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield Finding(
                "commit",
                path,
                node.lineno,
                dotted(node.func),
                "only core/transaction.py commits (decision 0003)",
            )


def only_the_clock_tells_the_time(path: str, tree: ast.Module) -> Iterator[Finding]:
    """`time.monotonic` and `time.perf_counter` measure a duration and may be used anywhere."""
    if path == CLOCK:
        return
    for node in ast.walk(tree):
        name = dotted(node.func) if isinstance(node, ast.Call) else ""
        if ".".join(name.split(".")[-2:]) in CLOCK_CALLS and not _is_given_a_moment(name, node):
            yield Finding("clock", path, node.lineno, name, "take `now` as an argument (decision 0006)")  # type: ignore[attr-defined]


def only_settings_read_the_environment(path: str, tree: ast.Module) -> Iterator[Finding]:
    if path == SETTINGS:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node) in ENVIRONMENT:
            yield Finding(
                "environment", path, node.lineno, dotted(node), "settings are read once and handed down"
            )


def money_is_whole(path: str, tree: ast.Module) -> Iterator[Finding]:
    """Names ending in `_minor` are whole minor units: no `/`, no `float()`, no annotation as float."""
    why = "money is whole minor units; split it with core.money (decision 0006)"
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.target, node.value]
            for money in [name for side in sides for name in _money_in(side)]:
                yield Finding("money", path, node.lineno, f"{money} /", why)
        elif isinstance(node, ast.Call) and dotted(node.func) == "float":
            for money in [name for argument in node.args for name in _money_in(argument)]:
                yield Finding("money", path, node.lineno, f"float({money})", why)
        elif isinstance(node, ast.AnnAssign | ast.arg) and node.annotation is not None:
            name = node.arg if isinstance(node, ast.arg) else dotted(node.target)
            if name.endswith(MONEY_ENDING) and "float" in ast.unparse(node.annotation):
                yield Finding("money", path, node.lineno, f"{name}: float", why)


def imports_stand_at_the_top(path: str, tree: ast.Module) -> Iterator[Finding]:
    why = "imports stand at the top of the file; an urge to do otherwise means the layers are wrong"
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Finding("inner-import", path, node.lineno, alias.name, why)
            elif isinstance(node, ast.ImportFrom):
                yield Finding("inner-import", path, node.lineno, node.module or ".", why)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as written; "" for anything that is no chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else f"?.{node.attr}"
    return ""


def _is_given_a_moment(name: str, node: ast.AST) -> bool:
    """`time.gmtime(seconds)` converts, `time.gmtime()` looks at the clock."""
    return name in ("time.gmtime", "time.localtime") and isinstance(node, ast.Call) and bool(node.args)


def _money_in(node: ast.expr) -> list[str]:
    """The money names that are part of a calculation, not those a called function takes."""
    if isinstance(node, ast.Call):
        return []
    if isinstance(node, ast.Name | ast.Attribute):
        name = dotted(node)
        return [name] if name.endswith(MONEY_ENDING) else []
    return [
        name
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.expr)
        for name in _money_in(child)
    ]
