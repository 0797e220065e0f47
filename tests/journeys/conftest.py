"""One running system for the journeys that leave it whole; those that kill have their own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.mailbox import Mailbox
from tests.journeys.system import System


@pytest.fixture(scope="package")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="package")
def system(mailbox: Mailbox) -> Iterator[System]:
    """Everything, empty, with a real mail server."""
    with (
        tempfile.TemporaryDirectory(prefix="portefeuille-journey-") as folder,
        System(Path(folder) / "data", settings={"PORTEFEUILLE_SMTP_URL": mailbox.url}) as system,
    ):
        yield system
