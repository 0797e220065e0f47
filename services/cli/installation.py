"""Which installation a command is about: the one in a data folder, or the one that the environment names."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.cli.answers import CommandFailed

if TYPE_CHECKING:
    from shared.settings import Settings

DEFAULT_DATA_DIR = Path(".portefeuille")


def settings_of(data_dir: Path | None) -> "Settings":
    """The environment's settings, or those of the system that runs in `data_dir`. Raises CommandFailed.

    Without either, the system that runs in the default folder is meant.
    """
    from pydantic import ValidationError

    from shared.settings import Settings

    if data_dir is not None:
        return _settings_in(data_dir)
    try:
        return Settings()
    except ValidationError as error:
        if (DEFAULT_DATA_DIR / "run.json").is_file():
            return _settings_in(DEFAULT_DATA_DIR)
        faults = "; ".join(f"PORTEFEUILLE_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise CommandFailed(f"{faults}. Set it, or name a running system by --data-dir.") from error


def _settings_in(data_dir: Path) -> "Settings":
    from pydantic import SecretStr

    from shared.settings import Settings

    run = _run_record(data_dir)
    secret = data_dir / "secret.key"
    settings = Settings(database_url=run["database_url"], nats_url=run["nats_url"], public_url=run["url"])
    if secret.is_file():
        settings.secret_key = SecretStr(secret.read_text().strip())
    return settings


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API of an installation answers, and the key to it."""

    url: str
    token: str


def address_of(url: str | None, token: str | None, data_dir: Path | None) -> Address:
    """What is given; the rest from the data folder. Raises CommandFailed."""
    folder = data_dir or DEFAULT_DATA_DIR
    found_url = url or str(_run_record(folder)["url"])
    if token is not None:
        return Address(found_url.rstrip("/"), token)
    file = folder / "admin.token"
    try:
        return Address(found_url.rstrip("/"), file.read_text().strip())
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}. Give a key by --token.") from error


def _run_record(data_dir: Path) -> dict[str, Any]:
    record = data_dir / "run.json"
    try:
        found: dict[str, Any] = json.loads(record.read_text())
    except FileNotFoundError as error:
        raise CommandFailed(f"Nothing runs in {data_dir}. Start it: portefeuille up --data-dir {data_dir}") from error
    except (OSError, ValueError) as error:
        raise CommandFailed(f"{record} cannot be read: {error}") from error
    return found
