"""Whether a database stands at the newest migration, asked without loading Alembic: a running service needs no more."""

import re
from functools import cache
from importlib.resources import files

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_REVISION = re.compile(r'^(down_)?revision = "?(\w+)"?$', re.MULTILINE)


@cache
def newest_revision() -> str:
    """The one revision that no other follows. Raises ValueError unless there is exactly one."""
    texts = [file.read_text("utf-8") for file in files("migrations").joinpath("versions").iterdir() if file.is_file()]
    found = [match.groups() for text_ in texts for match in _REVISION.finditer(text_)]
    followed = {revision for down, revision in found if down}
    (newest,) = {revision for down, revision in found if not down} - followed
    return newest


async def is_at_head(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        current = await connection.scalar(text("select version_num from alembic_version"))
    return bool(current == newest_revision())
