"""Ending tasks for certain. One `cancel()` can be swallowed by a connection that is just being made."""

import asyncio
from collections.abc import Iterable
from typing import Any


async def end(tasks: Iterable[asyncio.Task[Any]]) -> list[Exception]:
    """Cancel these tasks until each is over. Returns what went wrong in them."""
    running = set(tasks)
    ended: set[asyncio.Task[Any]] = set()
    while running:
        for task in running:
            task.cancel()
        done, running = await asyncio.wait(running, timeout=1)
        ended |= done
    return [error for task in ended if not task.cancelled() and isinstance(error := task.exception(), Exception)]
