"""Write customers. Every write locks and numbers its customer, and tells what happened in the same transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from services.api.customers.owners import check_owners
from services.api.customers.queries import COLUMNS, as_customer
from services.api.customers.record import columns_of
from services.api.customers.schemas import CustomerChange, NewCustomer
from services.api.door import Answer, created
from services.api.locking import check_version, lock_customer
from services.api.work import Work
from shared.errors import InvalidInput
from shared.events.customers import CustomerCreated, CustomerDeleted, CustomerRestored, CustomerUpdated
from shared.models import Customer
from shared.outbox.append import append

HOME_COUNTRY = "FR"


async def create_customer(work: Work, new: NewCustomer) -> Answer:
    """Adds a customer. A rep becomes the owner of what it adds. A taken `external_id` is a conflict."""
    await check_owners(work, new)
    values = columns_of(new, country=HOME_COUNTRY)
    if values.get("owner_id") is None and work.principal.role == "rep":
        values["owner_id"] = work.principal.user_id
    statement = insert(Customer).values(
        {"created_at": work.now, **values, "workspace_id": work.workspace_id, "updated_at": work.now}
    )
    row = (await work.session.execute(statement.returning(*COLUMNS))).mappings().one()
    await append(work.session, work.workspace_id, [CustomerCreated(row["id"])], now=work.now)
    return created(as_customer(row), "/v1/customers")


async def change_customer(work: Work, customer_id: UUID, change: CustomerChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs; nothing differing is no event and no new version."""
    await lock_customer(work, customer_id)
    current = (await work.session.execute(_one(work, customer_id))).mappings().one()
    check_version(current["version"], version)
    await check_owners(work, change)
    values = columns_of(change, country=current["country"] or HOME_COUNTRY)
    for name in ("name", "kind"):
        if name in values and values[name] is None:
            raise InvalidInput.at(f"#/{name}", "required", "This field cannot be emptied.")
    changed = {name: value for name, value in values.items() if name not in current or current[name] != value}
    if set(changed) <= {"phone_raw"}:
        return as_customer(current)
    statement = (
        update(Customer)
        .where(Customer.workspace_id == work.workspace_id, Customer.id == customer_id)
        .values(**changed, version=Customer.version + 1, updated_at=work.now)
        .returning(*COLUMNS)
    )
    row = (await work.session.execute(statement)).mappings().one()
    event = CustomerUpdated(customer_id, sorted(changed))
    await append(work.session, work.workspace_id, [event], now=work.now)
    return as_customer(row)


async def delete_customer(work: Work, customer_id: UUID, version: int | None) -> None:
    """Puts a customer away. Its facts stay; it leaves every list, score and segment until it is restored."""
    await lock_customer(work, customer_id)
    current = await work.session.scalar(
        select(Customer.version).where(Customer.workspace_id == work.workspace_id, Customer.id == customer_id)
    )
    check_version(current or 0, version)
    await work.session.execute(
        update(Customer)
        .where(Customer.workspace_id == work.workspace_id, Customer.id == customer_id)
        .values(deleted_at=work.now, version=Customer.version + 1, updated_at=work.now)
    )
    await append(work.session, work.workspace_id, [CustomerDeleted(customer_id)], now=work.now)


async def restore_customer(work: Work, customer_id: UUID) -> dict[str, Any]:
    """Brings a deleted customer back; a living one is answered as it is. Its `external_id` may be taken by now."""
    await lock_customer(work, customer_id, deleted=True)
    row = (await work.session.execute(_one(work, customer_id))).mappings().one()
    if row["deleted_at"] is None:
        return as_customer(row)
    statement = (
        update(Customer)
        .where(Customer.workspace_id == work.workspace_id, Customer.id == customer_id)
        .values(deleted_at=None, version=Customer.version + 1, updated_at=work.now)
        .returning(*COLUMNS)
    )
    row = (await work.session.execute(statement)).mappings().one()
    await append(work.session, work.workspace_id, [CustomerRestored(customer_id)], now=work.now)
    return as_customer(row)


def _one(work: Work, customer_id: UUID) -> Any:
    return select(*COLUMNS, Customer.deleted_at).where(
        Customer.workspace_id == work.workspace_id, Customer.id == customer_id
    )
