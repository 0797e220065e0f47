"""/v1/tasks"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page
from services.api.tasks import commands, queries
from services.api.tasks.schemas import NewTask, Task, TaskChange, TaskListParameters

routes = router("tasks", "tasks")


@routes.get("", response_model=Page[Task])
async def list_tasks(door: AnyDoor, wanted: Annotated[TaskListParameters, Query()]) -> Response:
    """Pages of tasks."""
    return await door.read(queries.tasks_by, wanted)


@routes.post("", status_code=201, response_model=Task)
async def create_task(door: RepDoor, new: NewTask) -> Response:
    """Add a task."""
    return await door.write(commands.create_task, new)


@routes.get("/{task_id}", response_model=Task)
async def get_task(door: AnyDoor, task_id: UUID) -> Response:
    """One task."""
    return await door.read(queries.task_by_id, task_id)


@routes.patch("/{task_id}", response_model=Task)
async def update_task(door: RepDoor, task_id: UUID, change: TaskChange) -> Response:
    """Change the fields that are sent."""
    return await door.write(commands.change_task, task_id, change, door.expected_version)


@routes.delete("/{task_id}", status_code=204)
async def delete_task(door: RepDoor, task_id: UUID) -> Response:
    """Remove a task."""
    return await door.write(commands.delete_task, task_id, door.expected_version)
