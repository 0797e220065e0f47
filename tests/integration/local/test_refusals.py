"""A start that cannot work ends with one sentence that says what to do, before anything runs."""

import errno
import resource
import socket
from pathlib import Path

import pytest

from services.local.errors import explain, with_remedy
from tests.integration.local.installation import Installation


def test_a_second_start_in_the_same_folder_is_refused_and_named(running: Installation) -> None:
    assert running.supervisor is not None
    before = running.record()

    reason = running.refused()

    pid = running.supervisor.pid
    assert reason == (
        f"portefeuille: Portefeuille is already running in {running.folder}, as process {pid}. "
        f"Stop it first (kill {pid}), or choose another --data-dir.\n"
    )
    assert running.record() == before


def test_a_port_in_use_is_refused_before_anything_is_started(new_installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        reason = new_installation.refused(port=port)

    assert reason == (
        f"portefeuille: Port {port} is in use by another program. "
        "Choose another one with --port, or --port 0 for any free one.\n"
    )
    assert not (new_installation.folder / "postgres").exists()


def test_what_is_not_a_port_is_refused(installation: Installation) -> None:
    reason = installation.refused(port=70000)

    assert "70000 is not a port." in reason


def test_a_file_where_the_folder_should_be_is_refused(new_installation: Installation) -> None:
    new_installation.folder.write_text("not a folder")

    assert "Choose another --data-dir." in new_installation.refused()


def test_a_file_system_that_takes_nothing_is_refused(new_installation: Installation) -> None:
    new_installation.folder = Path("/proc/portefeuille")

    assert new_installation.refused() == "portefeuille: /proc/portefeuille: No such file or directory.\n"


def test_a_disk_that_takes_no_more_stops_the_start_with_postgresqls_own_words(new_installation: Installation) -> None:
    def nearly_full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    reason = new_installation.refused(preexec_fn=nearly_full)

    assert reason.startswith("portefeuille: PostgreSQL's initdb failed:\n")
    assert "File too large" in reason


def test_a_program_that_ended_for_lack_of_space_is_shown_with_the_remedy() -> None:
    said = with_remedy("FATAL:  could not write to file: No space left on device")

    assert said == (
        "FATAL:  could not write to file: No space left on device\nFree some space on the disk and start again."
    )
    assert with_remedy("FATAL:  role does not exist") == "FATAL:  role does not exist"


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free some space on the disk and start again."),
        (errno.EROFS, "Choose another --data-dir, where something can be written."),
        (errno.EACCES, "This user may not write there. Choose another --data-dir, or start as the user who owns it."),
    ],
)
def test_what_the_system_refuses_is_explained(number: int, remedy: str) -> None:
    refused = OSError(number, "Refused", "/somewhere/data")

    assert str(explain(refused)) == f"/somewhere/data: Refused. {remedy}"


def test_a_failed_preparation_stops_everything_and_shows_its_words(installation: Installation) -> None:
    reason = installation.refused(product="unprepared")

    assert reason == "portefeuille: prepare failed (exit code 1):\n  no such table: customer\n"
    assert "database system is shut down" in installation.log("postgres")
    assert not (installation.folder / "run.json").exists()


def test_an_api_that_keeps_ending_stops_everything_and_shows_its_words(installation: Installation) -> None:
    reason = installation.refused(product="broken")

    assert "portefeuille: api ended 3 times instead of getting ready:\n  settings: secret_key is missing\n" in reason
    assert "database system is shut down" in installation.log("postgres")
