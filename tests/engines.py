"""The two real engines of a test run: containers where a Docker engine is present, the embedded servers otherwise.

`CI_ENGINES=embedded` or `docker` overrides the choice.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.local.embedded import EmbeddedNats, EmbeddedPostgres


@dataclass(frozen=True)
class Engines:
    """Where they listen. `postgres_url` leads to a database that may create others."""

    postgres_url: str
    nats_url: str

    def database(self, name: str) -> str:
        base, _, query = self.postgres_url.partition("?")
        return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def docker_is_present() -> bool:
    if (wanted := os.environ.get("CI_ENGINES")) is not None:
        return wanted == "docker"
    docker = shutil.which("docker")
    return docker is not None and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0


@contextmanager
def running_engines() -> Iterator[Engines]:
    with in_containers() if docker_is_present() else embedded() as engines:
        yield engines


@contextmanager
def embedded() -> Iterator[Engines]:
    # Not below pytest's own folder: the path of a unix socket must stay short.
    with (
        tempfile.TemporaryDirectory(prefix="portefeuille-tests-") as folder,
        EmbeddedPostgres(Path(folder) / "pg") as postgres,
        EmbeddedNats(Path(folder) / "nats") as nats,
    ):
        yield Engines(postgres.url, nats.url)


@contextmanager
def in_containers() -> Iterator[Engines]:
    from testcontainers.nats import NatsContainer
    from testcontainers.postgres import PostgresContainer

    with (
        PostgresContainer("postgres:18", username="portefeuille", dbname="portefeuille", driver=None) as postgres,
        NatsContainer("nats:2-alpine", jetstream=True) as nats,
    ):
        yield Engines(postgres.get_connection_url(), nats.nats_uri())
