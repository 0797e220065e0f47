"""/v1/workspace"""

from fastapi import Response

from services.api.dependencies import AdminDoor, AnyDoor
from services.api.routing import router
from services.api.workspace import commands, queries
from services.api.workspace.schemas import ClockAdvance, ClockSetting, TestClock, Workspace, WorkspaceChange
from services.api.workspace.waiting import answer_when_there

routes = router("workspace", "workspace")


@routes.get("", response_model=Workspace)
async def get_workspace(door: AnyDoor) -> Response:
    """The caller's workspace, with its ETag."""
    return await door.read(queries.workspace_of)


@routes.patch("", response_model=Workspace)
async def update_workspace(door: AdminDoor, change: WorkspaceChange) -> Response:
    """Change the fields that are sent; figures follow within seconds."""
    return await door.write(commands.change_workspace, change, door.expected_version)


@routes.get("/test-clock", response_model=TestClock)
async def get_test_clock(door: AnyDoor) -> Response:
    """What time it is in a sandbox. Real workspaces answer 404 with `sandbox_only`."""
    return await door.read(queries.test_clock)


@routes.put("/test-clock", response_model=TestClock)
async def set_test_clock(door: AdminDoor, given: ClockSetting) -> Response:
    """Set a sandbox's clock, forwards or backwards. Nothing that lies between happens."""
    return await door.write(commands.set_clock, given)


@routes.post("/test-clock/advance", response_model=TestClock, responses={202: {"model": TestClock}})
async def advance_test_clock(door: AdminDoor, given: ClockAdvance) -> Response:
    """Move a sandbox's clock forward; answers when everything due until then has happened.

    202 when that takes longer than two minutes: the clock goes on, and can be read.
    """
    await door.write(commands.advance_clock, given)
    return await answer_when_there(door)
