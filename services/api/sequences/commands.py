"""Define sequences, and ask for customers to run through them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from services.api.definitions_given import check_references, check_segment, read_definition
from services.api.door import Answer, created
from services.api.locking import lock_subject
from services.api.records import add, change, lock
from services.api.rules_given import fields_known
from services.api.sequences.queries import LIVING, as_sequence
from services.api.sequences.schemas import NewEnrollment, NewSequence, SequenceChange
from services.api.work import Work
from shared.domain.automation.sequence import Sequence as Definition
from shared.domain.automation.sequence import parse_sequence
from shared.domain.automation.steps import step_fields
from shared.domain.rules.fields import FieldCatalogue
from shared.domain.rules.parse import parse_rule
from shared.errors import Conflict, NotFound
from shared.events.automation import EnrollmentRequested, SequenceDefined
from shared.events.catalogue import CATALOGUE
from shared.models import Enrollment, Sequence, SequenceVersion
from shared.outbox.append import append

Document = dict[str, Any]


async def create_sequence(work: Work, new: NewSequence) -> Answer:
    """Adds a sequence. A taken name is a conflict."""
    document = new.model_dump(exclude={"status"}, exclude_none=True)
    definition = await _check(work, document)
    head = await add(work, Sequence, {"status": new.status, **_indexed(definition)})
    await _save_version(work, head["id"], 1, document)
    await _tell(work, head["id"], 1)
    return created(as_sequence(head, document), "/v1/sequences")


async def change_sequence(work: Work, sequence_id: UUID, given: SequenceChange, version: int | None) -> Document:
    """Another definition is another version; a pause is not."""
    head = await lock(work, Sequence, sequence_id, LIVING, version=version)
    current = await _definition(work, sequence_id, head["definition_version"])
    sent = given.model_dump(include=given.model_fields_set)
    status = sent.pop("status", None) or head["status"]
    document = {name: value for name, value in {**current, **sent}.items() if value is not None}
    if (document, status) == (current, head["status"]):
        return as_sequence(head, current)
    values: Document = {"status": status}
    if document != current:
        values |= _indexed(await _check(work, document))
        values["definition_version"] = head["definition_version"] + 1
        await _save_version(work, sequence_id, values["definition_version"], document)
    head = await change(work, Sequence, sequence_id, values)
    await _tell(work, sequence_id, head["definition_version"])
    return as_sequence(head, document)


async def delete_sequence(work: Work, sequence_id: UUID, version: int | None) -> None:
    """Nobody enters it any more, and the runs end."""
    head = await lock(work, Sequence, sequence_id, LIVING, version=version)
    await change(work, Sequence, sequence_id, {"deleted_at": work.now})
    await _tell(work, sequence_id, head["definition_version"])


async def request_enrollment(work: Work, sequence_id: UUID, new: NewEnrollment) -> Answer:
    """202: the scheduler enrols. Raises Conflict for a paused sequence and for a customer who is running through it."""
    status = await work.session.scalar(
        select(Sequence.status).where(Sequence.workspace_id == work.workspace_id, Sequence.id == sequence_id, LIVING)
    )
    if status is None:
        raise NotFound(f"Sequence {sequence_id} does not exist.")
    await lock_subject(work, new.customer_id)
    if status != "active":
        raise Conflict("The sequence is paused.", code="not_enrollable")
    await _refuse_running(work, sequence_id, new.customer_id)
    event = EnrollmentRequested(new.customer_id, sequence_id)
    await append(work.session, work.workspace_id, [event], now=work.now)
    return Answer({"sequence_id": sequence_id, "customer_id": new.customer_id, "status": "requested"}, 202)


async def _check(work: Work, document: Mapping[str, Any]) -> Definition:
    """Raises InvalidInput for what the scheduler could not run."""
    fields = await fields_known(work)

    def read_rule(json: object, emails: tuple[str, ...]) -> object:
        return parse_rule(json, FieldCatalogue((*fields, *step_fields(emails)), segments=fields.segments))

    definition = read_definition(
        lambda given: parse_sequence(given, known_events=CATALOGUE, read_rule=read_rule), document
    )
    await check_segment(work, definition.trigger.segment_id, "#/trigger/segment_id")
    await check_references(work, document, "steps")
    return definition


def _indexed(definition: Definition) -> Document:
    """What the head repeats of its definition, for finding the sequences that an event starts."""
    trigger = definition.trigger
    return {
        "name": definition.name,
        "trigger_type": trigger.type.value,
        "trigger_segment_id": trigger.segment_id,
    }


async def _definition(work: Work, sequence_id: UUID, number: int) -> Document:
    found: Document | None = await work.session.scalar(
        select(SequenceVersion.definition).where(
            SequenceVersion.workspace_id == work.workspace_id,
            SequenceVersion.sequence_id == sequence_id,
            SequenceVersion.definition_version == number,
        )
    )
    return found or {}


async def _save_version(work: Work, sequence_id: UUID, number: int, document: Document) -> None:
    row = {"workspace_id": work.workspace_id, "sequence_id": sequence_id, "definition_version": number}
    await work.session.execute(insert(SequenceVersion).values({**row, "definition": document, "created_at": work.now}))


async def _refuse_running(work: Work, sequence_id: UUID, customer_id: UUID) -> None:
    running = select(Enrollment.id).where(
        Enrollment.workspace_id == work.workspace_id,
        Enrollment.sequence_id == sequence_id,
        Enrollment.customer_id == customer_id,
        Enrollment.status == "active",
    )
    if await work.session.scalar(running) is not None:
        raise Conflict("The customer is running through this sequence.", code="not_enrollable")


async def _tell(work: Work, sequence_id: UUID, number: int) -> None:
    await append(work.session, work.workspace_id, [SequenceDefined(sequence_id, number)], now=work.now)
