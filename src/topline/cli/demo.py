"""`topline demo`."""

from pathlib import Path

import click

from topline.cli.serve import run_server
from topline.core.settings import load_settings
from topline.infra.logs import configure_logs
from topline.main import build_services
from topline.upkeep import commands


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=8000, show_default=True)
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("data"), show_default=True
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another hotel.")
@click.option(
    "--fresh", is_flag=True, help="Throw the demo hotel of the data folder away and make a new one."
)
@click.option("--no-serve", is_flag=True, help="Only load it.")
def demo(host: str, port: int, data: Path, seed: int, fresh: bool, no_serve: bool) -> None:
    """Load the demo hotel into a SQLite file and serve it."""
    configure_logs("warning", "text")
    settings = load_settings(
        host=host,
        port=port,
        data=data,
        mode="development",
        database_url="",
        log_level="warning",
        log_format="text",
    )
    accounts = commands.prepare_demo(settings, build_services, seed=seed, fresh=fresh, say=click.echo)
    commands.print_accounts(accounts, click.echo)
    if not no_serve:
        run_server(settings)
