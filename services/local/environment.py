"""Settings: what the operator set, in the environment or in `.env`, and what the children get."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.local.folder import DataFolder
from services.local.ports import LOOPBACK

PREFIX = "PORTEFEUILLE_"
DATABASE_URL = f"{PREFIX}DATABASE_URL"
NATS_URL = f"{PREFIX}NATS_URL"
API_HOST = f"{PREFIX}API_HOST"
API_PORT = f"{PREFIX}API_PORT"
PUBLIC_URL = f"{PREFIX}PUBLIC_URL"
SECRET_KEY = f"{PREFIX}SECRET_KEY"
IMPORT_DIR = f"{PREFIX}IMPORT_DIR"
HEALTH_PORT = f"{PREFIX}HEALTH_PORT"

_PLACEHOLDER = "change-me"  # What .env.example has where a secret belongs.


def read_environment(directory: Path) -> dict[str, str]:
    """The environment, completed by our names from `.env`. A name with an empty value counts as not set."""
    found = {**_read_dotenv(directory / ".env"), **os.environ}
    return {name: value for name, value in found.items() if value or not name.startswith(PREFIX)}


def for_children(
    operators: Mapping[str, str], folder: DataFolder, port: int, own_servers: Mapping[str, str]
) -> dict[str, str]:
    """What every child gets. The operator's settings win, except for what was decided at this start.

    `own_servers` maps the names of settings to the URLs of the servers that this run starts itself.
    """
    settings = {
        API_HOST: LOOPBACK,
        PUBLIC_URL: f"http://{LOOPBACK}:{port}",
        IMPORT_DIR: str(folder.imports),
        "PYTHONUNBUFFERED": "1",  # A log line is in the log when it is written, not when a buffer is full.
        **operators,
        API_PORT: str(port),
        **own_servers,
    }
    if settings.get(SECRET_KEY, _PLACEHOLDER) == _PLACEHOLDER:
        settings[SECRET_KEY] = folder.secret_key()
    return settings


def _read_dotenv(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415  Costs memory, and most machines have no such file.

    return {name: value for name, value in dotenv_values(file).items() if value and name.startswith(PREFIX)}
