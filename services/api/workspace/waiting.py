"""Wait for the scheduler to move a sandbox's clock. Between two looks no connection is held."""

import asyncio
from typing import Final

from starlette.responses import Response

from services.api.door import Door, shape
from services.api.workspace import queries

PATIENCE: Final = 120.0
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 0.5


async def answer_when_there(door: Door, *, patience: float = PATIENCE) -> Response:
    """200 with the clock that arrived (or that somebody set anew), 202 with where it is after `patience` seconds."""
    clock = asyncio.get_running_loop()
    deadline, pause = clock.time() + patience, _FIRST_PAUSE
    while True:
        async with door.work() as work:
            state = await queries.test_clock(work)
        if state["advancing_to"] is None:
            return shape(state, 200)
        if clock.time() + pause > deadline:
            return shape(state, 202)
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)
