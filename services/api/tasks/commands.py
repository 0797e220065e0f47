"""Keep tasks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.api import records
from services.api.door import Answer, created
from services.api.tasks.queries import as_task, seen_tasks
from services.api.tasks.schemas import NewTask, TaskChange
from services.api.work import Work
from shared.events.automation import TaskChanged
from shared.models import Task
from shared.outbox.append import append


async def create_task(work: Work, new: NewTask) -> Answer:
    """Adds a task. A taken `external_id` is a conflict."""
    values = new.model_dump(exclude={"customer_external_id"})
    if new.customer_id is not None or new.customer_external_id is not None:
        values["customer_id"] = await records.hold_subject(work, new)
    if new.assignee_id is None and work.principal.role == "rep":
        values["assignee_id"] = work.principal.user_id
    values["done_at"] = work.now if new.status == "done" else None
    row = await records.add(work, Task, values)
    await _tell(work, row, "created")
    return created(as_task(row), "/v1/tasks")


async def change_task(work: Work, task_id: UUID, change: TaskChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs. Doing a task notes when, opening it again forgets that."""
    current = await records.lock(work, Task, task_id, seen_tasks(work), version=version)
    values = records.differences(Task, current, change)
    if not values:
        return as_task(current)
    if "status" in values:
        values["done_at"] = work.now if values["status"] == "done" else None
    row = await records.change(work, Task, task_id, values)
    await _tell(work, row, "changed")
    return as_task(row)


async def delete_task(work: Work, task_id: UUID, version: int | None) -> None:
    """Removes a task."""
    row = await records.lock(work, Task, task_id, seen_tasks(work), version=version)
    await records.remove(work, Task, task_id)
    await _tell(work, row, "deleted")


async def _tell(work: Work, row: Mapping[Any, Any], change: str) -> None:
    event = TaskChanged(row["customer_id"], row["id"], change, row["status"])
    await append(work.session, work.workspace_id, [event], now=work.now)
