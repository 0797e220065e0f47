"""/v1/imports"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from starlette.responses import StreamingResponse

from services.api.dependencies import door_for
from services.api.door import Door, shape
from services.api.idempotency import key_of, recall, remember
from services.api.imports import commands, queries
from services.api.imports.report import csv_of_faults
from services.api.imports.schemas import FaultListParameters, Import, ImportFault, ImportListParameters
from services.api.imports.upload import FORM, fingerprint_of_form, read_form, received
from services.api.routing import router
from services.api.schemas import Page

routes = router("imports", "imports")

# Lines of a file show customers of everybody: reps do not read them.
ManagersDoor = Annotated[Door, Depends(door_for("manager", readers="manager"))]
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}, "example": "line,column,code,detail,value\r\n"}}}
}


@routes.post("", status_code=202, response_model=Import, openapi_extra=FORM)
async def create_import(door: ManagersDoor, request: Request) -> Response:
    """Send a file of customers, transactions, interactions or opportunities. The answer says where to follow it."""
    key = key_of(request)
    form = await read_form(request)
    try:
        file = received(form, door.principal.language)
        fingerprint = await fingerprint_of_form(request, form) if key else b""
        async with door.work() as work:
            response = await recall(work, key, fingerprint) if key else None
            if response is None:
                response = shape(await commands.receive_import(work, file), 202)
                if key:
                    await remember(work, key, fingerprint, response)
        return response
    finally:
        await form.close()


@routes.get("", response_model=Page[Import])
async def list_imports(door: ManagersDoor, wanted: Annotated[ImportListParameters, Query()]) -> Response:
    """Pages of imports, newest first."""
    return await door.read(queries.imports_by, wanted)


@routes.get("/{import_id}", response_model=Import)
async def get_import(door: ManagersDoor, import_id: UUID) -> Response:
    """How far an import is, and what it has brought."""
    return await door.read(queries.import_by_id, import_id)


@routes.get("/{import_id}/errors", response_model=Page[ImportFault], responses=_CSV)
async def list_import_errors(
    door: ManagersDoor, import_id: UUID, wanted: Annotated[FaultListParameters, Query()]
) -> Response:
    """What was wrong with which line. `Accept: text/csv` answers all of it as one file."""
    if "text/csv" not in door.request.headers.get("accept", ""):
        return await door.read(queries.faults_of, import_id, wanted)
    await door.read(queries.import_by_id, import_id)
    headers = {"Content-Disposition": f'attachment; filename="import-{import_id}-errors.csv"'}
    return StreamingResponse(csv_of_faults(door, import_id, wanted.code), media_type="text/csv", headers=headers)


@routes.post("/{import_id}/cancel", response_model=Import)
async def cancel_import(door: ManagersDoor, import_id: UUID) -> Response:
    """Stop an import. What is in stays in; the counts say how much."""
    return await door.write(commands.cancel_import, import_id)
