"""Logs: one per process, written by the process itself, moved aside by the supervisor when full."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from services.local.logs import last_lines, open_log, rotate
from tests.integration.local.installation import Installation


def test_every_process_has_a_log_and_strangers_read_none_of_them(running: Installation) -> None:
    logs = {log.stem: stat.S_IMODE(log.stat().st_mode) for log in (running.folder / "logs").iterdir()}
    assert sorted(logs) == ["api", "nats", "postgres", "prepare", "scheduler", "segmenter", "supervisor"]
    assert {mode & 0o007 for mode in logs.values()} == {0}
    assert stat.S_IMODE((running.folder / "run.json").stat().st_mode) == 0o600


def test_a_full_log_is_moved_aside_and_the_oldest_is_dropped(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    for number in range(1, 8):
        log.write_text(f"{number}" * 100)
        assert rotate(log, limit=100, kept=3)

    assert {file.name: file.read_text()[0] for file in tmp_path.iterdir() if file != log} == {
        "api.log.1": "7",
        "api.log.2": "6",
        "api.log.3": "5",
    }
    assert log.read_text() == ""


def test_a_log_that_is_not_full_or_not_there_stays_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    assert not rotate(log, limit=100)
    log.write_text("x" * 99)

    assert not rotate(log, limit=100)
    assert [file.name for file in tmp_path.iterdir()] == ["api.log"]


def test_a_process_goes_on_writing_into_a_log_that_is_moved_aside_under_it(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    script = (
        "import sys\nfor line in sys.stdin: print(line, end='', flush=True); print('ok', file=sys.stderr, flush=True)"
    )
    descriptor = open_log(log)
    writer = subprocess.Popen(
        (sys.executable, "-c", script), stdin=subprocess.PIPE, stdout=descriptor, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdin is not None
    assert writer.stderr is not None
    for word in ("first", "second"):
        writer.stdin.write(f"{word}\n")
        writer.stdin.flush()
        writer.stderr.readline()
        rotate(log, limit=1) if word == "first" else None
    writer.communicate()

    assert (tmp_path / "api.log.1").read_text() == "first\n"
    assert log.read_text() == "second\n"


def test_a_full_disk_costs_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "api.log"
    log.write_text("now")
    (tmp_path / "api.log.1").write_text("before")

    def no_space(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.sendfile", no_space)
    with pytest.raises(OSError, match="No space left"):
        rotate(log, limit=1)

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"api.log": "now", "api.log.1": "before"}


def test_the_last_lines_are_those_since_the_latest_start(tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    log.write_text("before\n")
    start = log.stat().st_size
    with log.open("a") as more:
        more.writelines(f"line {number}\n" for number in range(20))

    assert last_lines(log, start, count=2) == "  line 18\n  line 19"
    assert "before" not in last_lines(log, start, count=100)
