"""What the segmenter needs to work, and how far behind it is."""

from typing import Any

from nats.aio.client import Client
from sqlalchemy import text

from services.segmenter.consumers import NAME
from shared.db.session import Sessions
from shared.health import Check
from shared.messaging import ask_broker, backlog

_LAG = text("""
select (select count(*) from stale_customer) as stale_customers,
       (select count(*) from stale_segment) as stale_segments,
       (select count(*) from ranking_progress where behind) as workspaces_to_rank
""")


def checks(sessions: Sessions, client: Client) -> dict[str, Check]:
    """The checks of `/health/ready`."""

    async def database() -> dict[str, Any]:
        async with sessions() as session:
            row = (await session.execute(_LAG)).mappings().one()
        return dict(row)

    async def broker() -> dict[str, Any]:
        await ask_broker(client)
        return {"backlog": await backlog(client.jetstream(timeout=1), NAME)}

    return {"database": database, "broker": broker}
