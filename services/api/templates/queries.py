"""Read templates, and fill them in for a customer to look at."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, select

from services.api.pagination import Sort
from services.api.records import find, listed, matching
from services.api.templates.schemas import PreviewRequest, TemplateListParameters
from services.api.visibility import visible_customers
from services.api.work import Work
from shared.errors import Fault, InvalidInput
from shared.models import Customer, Template, UserAccount, Workspace
from shared.rendering import VARIABLES, TemplateFault, render_html, render_text

NAMES: Final = ("id", "name", "channel", "language", "subject", "body_text", "body_html", "version", "created_at",
                "updated_at")  # fmt: skip
LIVING: Final = Template.deleted_at.is_(None)
SOURCES: Final = {"customer": Customer, "owner": UserAccount, "workspace": Workspace}


def as_template(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: row[name] for name in NAMES}


async def template_by_id(work: Work, template_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    return as_template(await find(work, Template, template_id, LIVING))


async def templates_by(work: Work, wanted: TemplateListParameters) -> dict[str, Any]:
    conditions = matching(Template, wanted, "channel", "language")
    return await listed(work, Template, wanted, Sort(Template.name, Template.id), as_template, LIVING, *conditions)


async def preview(work: Work, template_id: UUID, asked: PreviewRequest, public_url: str) -> dict[str, Any]:
    """Raises NotFound for the template and InvalidInput for the customer, or for a text that cannot be filled in."""
    template = await find(work, Template, template_id, LIVING)
    values = await _values(work, asked.customer_id) | {"unsubscribe_url": f"{public_url}/unsubscribe/apercu"}
    try:
        return {
            "subject": template["subject"] and render_text(template["subject"], values),
            "body_text": render_text(template["body_text"], values),
            "body_html": template["body_html"] and render_html(template["body_html"], values),
        }
    except TemplateFault as fault:
        raise InvalidInput(Fault("#", "bad_template", str(fault))) from fault


async def _values(work: Work, customer_id: UUID) -> dict[str, Any]:
    """What a template may name, by group; a customer without owner leaves its place empty."""
    names = sorted(name for name in VARIABLES if "." in name)
    columns = [getattr(SOURCES[group], name).label(f"{group}.{name}") for group, name in _split(names)]
    statement = (
        select(*columns)
        .select_from(Customer)
        .join(Workspace, Workspace.id == Customer.workspace_id)
        .outerjoin(
            UserAccount,
            and_(UserAccount.workspace_id == Customer.workspace_id, UserAccount.id == Customer.owner_id),
        )
        .where(
            Customer.workspace_id == work.workspace_id,
            Customer.id == customer_id,
            Customer.deleted_at.is_(None),
            visible_customers(work.principal),
        )
    )
    row = (await work.session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise InvalidInput.at("#/customer_id", "unknown_customer", "No such customer in your portfolio.")
    values: dict[str, Any] = {group: {} for group in SOURCES}
    for group, name in _split(names):
        values[group][name] = row[f"{group}.{name}"]
    return values


def _split(names: list[str]) -> list[tuple[str, str]]:
    return [(group, name) for group, _, name in (full.partition(".") for full in names)]
