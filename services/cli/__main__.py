"""`portefeuille`: every command with its options.

What a command does is imported when it runs, so that --help is quick.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers import tell, tell_failure
from services.cli.installation import DEFAULT_DATA_DIR, settings_of

app = typer.Typer(
    name="portefeuille",
    help="Customer portfolios: start the product, look after it, move data in and out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # Loading rich would double the time of --help.
    context_settings={"help_option_names": ["-h", "--help"]},
)
tokens = typer.Typer(help="API keys.", no_args_is_help=True)
workspaces = typer.Typer(help="Workspaces: one for each company that uses the product.", no_args_is_help=True)
app.add_typer(tokens, name="token")
app.add_typer(workspaces, name="workspace")

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Act on the system that runs in this folder, not on the environment's."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


@app.command()
def up(
    data_dir: Annotated[Path, typer.Option(help="Where everything is kept.")] = DEFAULT_DATA_DIR,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the API; 0 picks a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="Load a demonstration portfolio.")] = False,
) -> None:
    """Start everything on this machine, in the foreground. Ctrl-C stops it in order."""
    from services.local.up import up as start

    raise typer.Exit(start(data_dir, port, demo))


@app.command()
def migrate(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Bring the database to the newest schema."""
    from services.cli.prepare import bring_up_to_date

    asyncio.run(bring_up_to_date(settings_of(data_dir)))
    tell({"status": "newest"}, "The database is at the newest schema.", as_json=as_json)


@app.command(hidden=True)
def prepare(
    token_file: Annotated[Path, typer.Option(help="Where the admin key is written.")],
    data_dir: DataDir = None,
    demo: Annotated[bool, typer.Option("--demo", help="`load-demo` will follow; nothing differs yet.")] = False,  # noqa: ARG001
) -> None:
    """What `up` does first: schema, event stream, first workspace, admin key."""
    from services.cli.prepare import prepare as get_ready

    asyncio.run(get_ready(settings_of(data_dir), token_file))


@tokens.command("create")
def create_token(
    *,
    workspace: Annotated[str, typer.Option(help="Name or id of the workspace.")] = "demo",
    role: Annotated[str, typer.Option(help="admin, manager, rep or readonly.")] = "admin",
    name: Annotated[str, typer.Option(help="What the key is for.")] = "command line",
    user: Annotated[str | None, typer.Option(help="E-mail of the person for whom the key acts.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Let it expire after so many days.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown once."""
    from services.cli.workspaces import grant_key

    key = asyncio.run(grant_key(settings_of(data_dir), workspace, role=role, name=name, user=user, days=days))
    tell({"workspace": workspace, "role": role, "name": name, "key": key}, key, as_json=as_json)


@workspaces.command("create")
def create_workspace(
    name: Annotated[str, typer.Argument(help="Its name, which no other workspace has.")],
    *,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="With a clock of its own; sends nothing outside.")] = False,
    timezone: Annotated[str | None, typer.Option(help="IANA time zone, such as Europe/Paris.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code, such as EUR.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Open a workspace and print its admin key."""
    from services.cli.workspaces import NewWorkspace, open_workspace

    settings = settings_of(data_dir)
    new = NewWorkspace(name, timezone or settings.default_timezone, currency or settings.default_currency, sandbox)
    workspace_id, key = asyncio.run(open_workspace(settings, new))
    facts = {"id": workspace_id, "name": name, "sandbox": sandbox, "timezone": new.timezone, "currency": new.currency}
    tell({**facts, "key": key}, key, as_json=as_json)


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted."""
    try:
        app()
    except Exception as error:
        from services.cli.failures import explained

        message = explained(error)
        if message is None:
            raise
        tell_failure(message, as_json="--json" in sys.argv)
        sys.exit(1)


if __name__ == "__main__":
    main()
