"""What has served its purpose and is thrown away."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, and_, delete, exists
from sqlalchemy.sql.dml import Delete

from services.scheduler.desk import Desk
from shared.models import IdempotencyKey, Import, ImportChunk

KEEP_ANSWERS: Final = timedelta(hours=24)
_FINISHED: Final = ("completed", "failed", "cancelled", "undone")


async def forget_answers(desk: Desk) -> dict[str, Any]:
    """Answers remembered for an Idempotency-Key are kept for a day."""
    return await _forget(desk, delete(IdempotencyKey).where(IdempotencyKey.created_at < desk.now - KEEP_ANSWERS))


async def forget_import_chunks(desk: Desk) -> dict[str, Any]:
    """The uploaded file of an import that is over is needed no more."""
    mine = and_(Import.workspace_id == ImportChunk.workspace_id, Import.id == ImportChunk.import_id)
    return await _forget(desk, delete(ImportChunk).where(exists().where(mine, Import.status.in_(_FINISHED))))


async def _forget(desk: Desk, statement: Delete) -> dict[str, Any]:
    result = await desk.session.execute(statement)
    return {"deleted": result.rowcount if isinstance(result, CursorResult) else 0}
