"""How commands answer: a sentence for people or one JSON document for machines, and how they say what went wrong."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol


class CommandFailed(Exception):
    """What went wrong and what to do about it, in a sentence: shown without a traceback, exit code 1."""


class Advance(Protocol):
    """Tells how far the work is: done so far, of how many (0 while nobody knows)."""

    def __call__(self, done: int, total: int) -> None: ...


def tell(facts: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """The result of a command on standard output."""
    print(json.dumps(facts, default=str, ensure_ascii=False) if as_json else sentence)


def tell_failure(message: str, *, as_json: bool) -> None:
    text = json.dumps({"error": message}, ensure_ascii=False) if as_json else f"portefeuille: {message}"
    print(text, file=sys.stderr)


@contextmanager
def progress(label: str, *, hidden: bool) -> Iterator[Advance]:
    """A bar on standard error, where a person is looking; otherwise nothing."""
    if hidden or not sys.stderr.isatty():
        yield _say_nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _say_nothing(done: int, total: int) -> None:
    """Nobody is looking."""


def table(columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows under their columns, as plain text."""
    texts = [columns, *(tuple(str(row[name]) for name in columns) for row in rows)]
    widths = [max(len(line[position]) for line in texts) for position in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in texts)
    return "\n".join(line.rstrip() for line in lines)
