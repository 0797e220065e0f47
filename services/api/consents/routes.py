"""/v1/consents"""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.api.consents import commands, queries
from services.api.consents.schemas import Consent, ConsentListParameters, NewConsent
from services.api.dependencies import AnyDoor, RepDoor
from services.api.routing import router
from services.api.schemas import Page

routes = router("consents", "consents")


@routes.get("", response_model=Page[Consent])
async def list_consents(door: AnyDoor, wanted: Annotated[ConsentListParameters, Query()]) -> Response:
    """Pages of statements, newest first; `current=true` gives only what counts now."""
    return await door.read(queries.consents_by, wanted)


@routes.post("", status_code=201, response_model=Consent)
async def record_consent(door: RepDoor, new: NewConsent) -> Response:
    """Record that a person said yes or no."""
    return await door.write(commands.record_consent, new)


@routes.get("/{consent_id}", response_model=Consent)
async def get_consent(door: AnyDoor, consent_id: UUID) -> Response:
    """One statement."""
    return await door.read(queries.consent_by_id, consent_id)
