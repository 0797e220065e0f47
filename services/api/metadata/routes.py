"""/v1/metadata"""

from fastapi import Response

from services.api.dependencies import AnyDoor
from services.api.errors import language_of
from services.api.metadata import queries
from services.api.metadata.schemas import Field
from services.api.routing import router
from services.api.schemas import Page

routes = router("metadata", "segments")


@routes.get("/fields", response_model=Page[Field])
async def list_fields(door: AnyDoor) -> Response:
    """The fields, operators and values that a rule may use, ready for react-querybuilder."""
    language = language_of(door.request) if "accept-language" in door.request.headers else door.principal.language
    return await door.read(queries.fields_offered, language)
