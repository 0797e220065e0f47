"""Read tasks."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_

from services.api import records
from services.api.pagination import Column, Sort
from services.api.tasks.schemas import TaskListParameters
from services.api.visibility import own_records, visible_facts
from services.api.work import Work
from shared.models import Task

NAMES = ("id", "customer_id", "external_id", "kind", "title", "description", "assignee_id", "due_on", "status",
         "done_at", "origin", "version", "created_at", "updated_at")  # fmt: skip
SORTABLE: dict[str, Column] = {"due_on": func.coalesce(Task.due_on, date.max), "created_at": Task.created_at}


def as_task(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


def seen_tasks(work: Work) -> ColumnElement[bool]:
    """Those assigned to the caller (to a manager: to its people), and those about visible customers."""
    return or_(visible_facts(work.principal, Task.customer_id), own_records(work.principal, Task.assignee_id))


async def task_by_id(work: Work, task_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_task(await records.find(work, Task, task_id, seen_tasks(work)))


async def tasks_by(work: Work, wanted: TaskListParameters) -> dict[str, Any]:
    conditions = records.matching(Task, wanted, "customer_id", "assignee_id", "external_id", "status", "kind")
    if wanted.due_from is not None:
        conditions.append(Task.due_on >= wanted.due_from)
    if wanted.due_to is not None:
        conditions.append(Task.due_on <= wanted.due_to)
    sort = Sort.parse(wanted.sort, SORTABLE, id=Task.id, default="due_on")
    return await records.listed(work, Task, wanted, sort, as_task, seen_tasks(work), *conditions)
