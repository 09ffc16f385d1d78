"""The reference pages, written from the program so that they cannot drift from it."""

import click

from topline.core.errors import CODES
from topline.core.limit_settings import LimitSettings
from topline.core.permissions import MEANING, OF_DISPLAY, OF_GROUP, OF_TABLET, Group, Permission
from topline.core.settings import PREFIX, SECRETS, Settings

_NOTE = "<!-- Written by `make docs` from the program. Do not edit. -->\n"


def pages(cli: click.Group) -> dict[str, str]:
    """Every generated page by file name."""
    return {
        "settings.md": _settings(),
        "permissions.md": _permissions(),
        "errors.md": _errors(),
        "commands.md": _commands(cli),
    }


def _settings() -> str:
    lines = [
        "# Settings of the program",
        _NOTE,
        "Read at the start; secrets, marked †, again and again ([how](../operate/secrets.md)).",
        "Every one can also be given as a file: `NAME_FILE=/path`.",
        "A wrong value stops the start and names the setting. What a hotel sets for itself is in the app.",
        "",
        "| setting | default | meaning |",
        "| --- | --- | --- |",
    ]
    own_first = sorted(Settings.model_fields.items(), key=lambda item: item[0] in LimitSettings.model_fields)
    for name, field in own_first:
        default = field.get_default()
        shown = str(getattr(default, "get_secret_value", lambda value=default: value)())
        mark = " †" if name in SECRETS else ""
        lines.append(
            f"| `{PREFIX}{name.upper()}`{mark} | {f'`{shown}`' if shown else ''} | {field.description} |"
        )
    return "\n".join(lines) + "\n"


def _permissions() -> str:
    sets = {
        "staff": OF_GROUP[Group.STAFF],
        "manager": OF_GROUP[Group.MANAGER],
        "admin": OF_GROUP[Group.ADMIN],
        "tablet": OF_TABLET,
        "display": OF_DISPLAY,
    }
    lines = [
        "# Permissions",
        _NOTE,
        "Every route names exactly one. A person signed in by PIN on a tablet has the staff set, whatever the role.",
        "",
        "| permission | allows to | " + " | ".join(sets) + " |",
        "| --- | --- |" + " :-: |" * len(sets),
    ]
    for permission in Permission:
        marks = " | ".join("✓" if permission in allowed else "" for allowed in sets.values())
        lines.append(f"| `{permission}` | {MEANING[permission]} | {marks} |")
    return "\n".join(lines) + "\n"


def _errors() -> str:
    lines = [
        "# Error codes",
        _NOTE,
        "Answers are problem details (RFC 9457) with a stable `code`; `errors` names the fields it is about.",
        "",
        "| code | status | title |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{code}` | {status} | {title} |" for code, (status, title) in CODES.items()]
    return "\n".join(lines) + "\n"


def _commands(cli: click.Group) -> str:
    lines = ["# Commands", _NOTE]
    for path, command in _walk("topline", cli):
        with click.Context(command, info_name=path) as context:
            help_text = command.get_help(context)
        lines += [f"## `{path}`", "", "```text", help_text, "```", ""]
    return "\n".join(lines)


def _walk(path: str, command: click.Command) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            found += _walk(f"{path} {name}", child)
    return found
