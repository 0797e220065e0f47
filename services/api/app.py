"""The api, put together: what it holds while it runs, what surrounds a request, and which resources it serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.api import errors
from services.api.door import Services
from services.api.features import ROUTERS
from services.api.middleware import BodyLimit, Correlation
from services.api.openapi import DESCRIPTION, document
from services.api.security import Keyring
from shared.cancelling import end
from shared.db.engine import API_ROLE, create_engine, create_pool, let_go
from shared.db.session import create_sessions
from shared.messaging import connect_broker, hang_up
from shared.outbox.lag import Lag
from shared.settings import Settings
from shared.telemetry import export_traces


def create_app(settings: Settings) -> FastAPI:
    """An application that connects when it starts and lets go of everything when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running_services(settings) as services:
            app.state.services = services
            yield

    app = FastAPI(
        title="Portefeuille",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        telemetry={"tracer_provider": export_traces(settings, "api")},
    )
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, upload_limit=settings.max_upload_bytes)
    app.add_middleware(Correlation)
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def running_services(settings: Settings) -> AsyncIterator[Services]:
    engine = create_engine(settings.sqlalchemy_url, application="api", role=API_ROLE)
    pool = await create_pool(settings.database_url, application="api", role=API_ROLE)
    broker = await connect_broker(settings.nats_url, name="api")
    keyring = Keyring(pool)
    listening = asyncio.create_task(keyring.listen())
    try:
        sessions = create_sessions(engine)
        extras = {"engine": engine, "lag": Lag(sessions, broker)}
        yield Services(settings, sessions, pool, keyring, broker, extras)
    finally:
        await end([listening])
        await hang_up(broker)
        await let_go(engine, pool)
