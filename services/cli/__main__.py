"""`portefeuille`: every command with its options.

What a command does is imported when it runs, so that --help is quick.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers import progress, table, tell, tell_failure
from services.cli.installation import DEFAULT_DATA_DIR, address_of, settings_of

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
letters = typer.Typer(help="Events that a consumer gave up on.", no_args_is_help=True)
app.add_typer(letters, name="dead-letters")

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
    command = [sys.executable, "-m", "services.local", "--data-dir", str(data_dir), "--port", str(port)]
    # This process becomes the supervisor: without the command line's libraries it needs half the memory.
    os.execv(sys.executable, [*command, "--demo"] if demo else command)  # noqa: S606


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


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV or XLSX file.")],
    *,
    entity: Annotated[str, typer.Option(help="customers, transactions, interactions or opportunities.")],
    mapping: Annotated[Path | None, typer.Option(help="JSON file that says which column is what.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    wait: Annotated[bool, typer.Option(help="Wait until it is in.")] = True,
    url: Annotated[str | None, typer.Option(help="Where the API answers.")] = None,
    token: Annotated[str | None, typer.Option(envvar="PORTEFEUILLE_TOKEN", help="An API key.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Send a file to the API; without --url and --token to the system in the data folder.

    Exit code 1 if lines were rejected: the others are in, and the answer names the first faults.
    """
    from services.cli.file_import import Wanted, has_rejected, in_words, send

    address = address_of(url, token, data_dir)
    with progress("Importing", hidden=as_json) as advance:
        state = send(address, Wanted(file, entity, mapping, dry_run), wait=wait, advance=advance)
    tell(state, in_words(state), as_json=as_json)
    if has_rejected(state):
        raise typer.Exit(1)


@app.command()
def recompute(
    *,
    workspace: Annotated[str | None, typer.Option(help="Name or id; every workspace unless given.")] = None,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait; 0 only asks.")] = 600,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Compute every score and segment again from the facts."""
    from services.cli.recompute import recompute as ask

    with progress("Recomputing", hidden=as_json) as advance:
        asked = asyncio.run(ask(settings_of(data_dir), workspace, patience=timeout, advance=advance))
    state = "computed" if asked.drained else "requested"
    tell(
        {"workspaces": asked.workspaces, "status": state}, f"{asked.workspaces} workspace(s): {state}.", as_json=as_json
    )


@app.command()
def export(
    *,
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    workspace: Annotated[str, typer.Option(help="Name or id of the workspace.")] = "demo",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write a workspace's portfolio as one CSV file a table, all of one moment."""
    from services.cli.export import export as write

    with progress("Exporting", hidden=as_json) as advance:
        rows = asyncio.run(write(settings_of(data_dir), workspace, out, advance))
    facts = {"folder": str(out), "rows": rows}
    tell(facts, f"{sum(rows.values())} rows of {len(rows)} tables are in {out}.", as_json=as_json)


@letters.command("list")
def list_dead_letters(
    *,
    workspace: Annotated[str | None, typer.Option(help="Name or id; every workspace unless given.")] = None,
    replayed: Annotated[bool, typer.Option("--replayed", help="Also those that were replayed.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show them, newest first."""
    from services.cli.dead_letters import list_dead_letters as read

    rows = asyncio.run(read(settings_of(data_dir), workspace, replayed=replayed))
    text = table(("id", "at", "consumer", "type", "attempts", "error"), rows) if rows else "There are no dead letters."
    tell({"items": rows}, text, as_json=as_json)


@letters.command("replay")
def replay_dead_letters(
    ids: Annotated[list[int] | None, typer.Argument(help="Their ids; all that were not replayed unless given.")] = None,
    *,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Publish them again."""
    from services.cli.dead_letters import replay_dead_letters as replay

    count = asyncio.run(replay(settings_of(data_dir), ids or []))
    tell({"replayed": count}, f"{count} replayed.", as_json=as_json)


@app.command("demo")
@app.command("load-demo", hidden=True)
def load_demo(
    *,
    timeout: Annotated[float, typer.Option(min=0, help="Seconds to wait for the segmenter.")] = 60,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Load the demonstration into the workspace `demo`. What is there is left alone."""
    from services.cli.load_demo import load_demo as load

    with progress("Loading", hidden=as_json) as advance:
        loaded = asyncio.run(load(settings_of(data_dir), patience=timeout, advance=advance))
    later = "" if loaded.settled else " The segmenter is not ready: load again later for the sequences."
    facts = {"rows": loaded.rows, "automation": loaded.automation, "settled": loaded.settled}
    tell(facts, f"{loaded.rows} rows and {loaded.automation} definitions are new.{later}", as_json=as_json)


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
