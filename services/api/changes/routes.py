"""/v1/changes"""

from typing import Annotated

from fastapi import Query, Response

from services.api.changes.reader import changes_after
from services.api.changes.schemas import Changes, ChangesParameters
from services.api.dependencies import AnyDoor
from services.api.door import shape
from services.api.routing import PROBLEMS, router
from services.api.visibility import refuse_narrowed

routes = router("changes", "changes")


@routes.get("", response_model=Changes, responses={410: PROBLEMS[404] | {"description": "No longer kept."}})
async def list_changes(door: AnyDoor, wanted: Annotated[ChangesParameters, Query()]) -> Response:
    """Everything that happened, in its order, seven days back. Answers at once, also when nothing is new."""
    refuse_narrowed(door.principal)
    return shape(await changes_after(door.services.broker, door.principal.workspace_id, wanted), 200)
