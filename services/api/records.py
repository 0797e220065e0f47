"""Records: rows with a `version` that people add, change and remove. The few statements that all of them need.

What a record means, who sees it and what it tells stays in its feature. Nothing here commits.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, Table, delete, insert, select, update

from services.api.locking import check_version
from services.api.pagination import Sort, page
from services.api.schemas import PageParameters, Payload
from services.api.subjects import AboutCustomer, customer_in_sight
from services.api.work import Work
from shared.db.base import Base
from shared.errors import Fault, InvalidInput, NotFound
from shared.models import Customer

View = Callable[[Mapping[Any, Any]], dict[str, Any]]


async def add(work: Work, model: type[Base], values: Mapping[str, Any]) -> RowMapping:
    """The new row as stored."""
    table = _table(model)
    stamps = {name: work.now for name in ("created_at", "updated_at") if name in table.c}
    statement = insert(table).values({**stamps, **values, "workspace_id": work.workspace_id}).returning(*table.c)
    return (await work.session.execute(statement)).mappings().one()


async def find(work: Work, model: type[Base], id: UUID, *seen: ColumnElement[bool]) -> RowMapping:
    """The row, if it satisfies `seen`. Raises NotFound."""
    return await _one(work, model, id, _statement(work, model, *seen))


async def lock(
    work: Work, model: type[Base], id: UUID, *seen: ColumnElement[bool], version: int | None = None
) -> RowMapping:
    """The row as it stays until the transaction ends; its customer is locked first, so that its events keep order.

    Raises NotFound, or VersionMismatch when the caller read another version.
    """
    found = await find(work, model, id, *seen)
    if (customer_id := found.get("customer_id")) is not None:
        await hold_customer(work, customer_id)
    row = await _one(work, model, id, _statement(work, model).with_for_update())
    check_version(row["version"], version)
    return row


async def hold_subject(work: Work, fact: AboutCustomer) -> UUID:
    """The customer that a new record is about, locked. Raises InvalidInput for one that the caller cannot see."""
    customer_id = await customer_in_sight(work, fact)
    await hold_customer(work, customer_id)
    return customer_id


async def hold_customer(work: Work, customer_id: UUID) -> None:
    """Lock a customer whom the caller may write about, for whatever reason: its own sight of it is not asked."""
    statement = select(Customer.id).where(Customer.workspace_id == work.workspace_id, Customer.id == customer_id)
    await work.session.execute(statement.with_for_update(key_share=True))


def differences(model: type[Base], current: Mapping[Any, Any], change: Payload) -> dict[str, Any]:
    """The fields that were sent and differ. Raises InvalidInput when one is emptied that has to have a value."""
    table = _table(model)
    sent = change.model_dump(include=change.model_fields_set)
    emptied = [name for name, value in sent.items() if value is None and not table.c[name].nullable]
    if emptied:
        raise InvalidInput(*(Fault(f"#/{name}", "required", "This field cannot be emptied.") for name in emptied))
    return {name: value for name, value in sent.items() if current[name] != value}


async def change(work: Work, model: type[Base], id: UUID, values: Mapping[str, Any]) -> RowMapping:
    """The row after the change, one version on."""
    table = _table(model)
    stamp = {"updated_at": work.now} if "updated_at" in table.c else {}
    statement = (
        update(table)
        .where(table.c.workspace_id == work.workspace_id, table.c.id == id)
        .values({**values, **stamp, "version": table.c.version + 1})
        .returning(*table.c)
    )
    return (await work.session.execute(statement)).mappings().one()


async def remove(work: Work, model: type[Base], id: UUID) -> None:
    table = _table(model)
    await work.session.execute(delete(table).where(table.c.workspace_id == work.workspace_id, table.c.id == id))


async def listed(
    work: Work, model: type[Base], wanted: PageParameters, sort: Sort, view: View, *conditions: ColumnElement[bool]
) -> dict[str, Any]:
    """One page of the workspace's rows that satisfy all conditions."""
    statement = _statement(work, model, *conditions)
    return await page(
        work,
        statement,
        sort,
        cursor=wanted.cursor,
        limit=wanted.limit,
        view=lambda row: view(row._mapping),  # noqa: SLF001  The documented way to read a row by name.
    )


def matching(model: type[Base], wanted: PageParameters, *names: str) -> list[ColumnElement[bool]]:
    """Equality with each of these filters that was given; filters are named like their columns."""
    given = {name: value for name in names if (value := getattr(wanted, name)) is not None}
    return [_table(model).c[name] == value for name, value in given.items()]


def _table(model: type[Base]) -> Table:
    return cast("Table", model.__table__)


def _statement(work: Work, model: type[Base], *conditions: ColumnElement[bool]) -> Select[Any]:
    table = _table(model)
    return select(*table.c).where(table.c.workspace_id == work.workspace_id, *conditions)


async def _one(work: Work, model: type[Base], id: UUID, statement: Select[Any]) -> RowMapping:
    table = _table(model)
    result = await work.session.execute(statement.where(table.c.id == id))
    row: RowMapping | None = result.mappings().one_or_none()
    if row is None:
        raise NotFound(f"{table.name.capitalize().replace('_', ' ')} {id} does not exist.")
    return row
