"""Save templates. What could not be filled in is refused here, so that it never reaches a customer."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH

from services.api.door import Answer, created
from services.api.records import add, change, differences, lock
from services.api.templates.queries import LIVING, as_template
from services.api.templates.schemas import NewTemplate, TemplateChange
from services.api.work import Work
from shared.errors import Conflict, Fault, InvalidInput
from shared.models import Sequence, SequenceVersion, Template
from shared.rendering import TemplateFault, unknown_variables

TEXTS: Final = ("subject", "body_text", "body_html")


async def create_template(work: Work, new: NewTemplate) -> Answer:
    """Adds a template. A taken name is a conflict."""
    values = new.model_dump()
    _check(values)
    return created(as_template(await add(work, Template, values)), "/v1/templates")


async def change_template(work: Work, template_id: UUID, given: TemplateChange, version: int | None) -> dict[str, Any]:
    current = await lock(work, Template, template_id, LIVING, version=version)
    changed = differences(Template, current, given)
    if not changed:
        return as_template(current)
    _check({**current, **changed})
    return as_template(await change(work, Template, template_id, changed))


async def delete_template(work: Work, template_id: UUID, version: int | None) -> None:
    """Raises Conflict for one that a sequence sends."""
    await lock(work, Template, template_id, LIVING, version=version)
    if await work.session.scalar(_senders(work, template_id)):
        raise Conflict("A sequence sends this template.", code="in_use")
    await change(work, Template, template_id, {"deleted_at": work.now})


def _check(values: Mapping[str, Any]) -> None:
    """Raises InvalidInput with every fault."""
    faults = [fault for name in TEXTS if values[name] is not None for fault in _faults_in(name, values[name])]
    if values["channel"] == "email" and not values["subject"]:
        faults.append(Fault("#/subject", "required", "An e-mail has a subject."))
    if values["channel"] == "sms":
        superfluous = [name for name in ("subject", "body_html") if values[name] is not None]
        faults += [Fault(f"#/{name}", "bad_value", "A text message has plain text only.") for name in superfluous]
    if faults:
        raise InvalidInput(*faults)


def _faults_in(name: str, source: str) -> Iterator[Fault]:
    try:
        unknown = unknown_variables(source)
    except TemplateFault as fault:
        yield Fault(f"#/{name}", "bad_template", str(fault))
        return
    for variable in unknown:
        yield Fault(f"#/{name}", "unknown_variable", f"There is no {variable[:100]}.")


def _senders(work: Work, template_id: UUID) -> Any:
    """How many living sequences name it in their present definition."""
    present = and_(
        SequenceVersion.workspace_id == Sequence.workspace_id,
        SequenceVersion.sequence_id == Sequence.id,
        SequenceVersion.definition_version == Sequence.definition_version,
    )
    path = cast("$.**.template_id ? (@ == $id)", JSONPATH)
    named = func.jsonb_path_exists(SequenceVersion.definition, path, func.jsonb_build_object("id", str(template_id)))
    return (
        select(func.count())
        .select_from(Sequence)
        .join(SequenceVersion, present)
        .where(Sequence.workspace_id == work.workspace_id, Sequence.deleted_at.is_(None), named)
    )
