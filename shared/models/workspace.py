"""A workspace: one company that uses the product."""

from datetime import timedelta

from sqlalchemy import Interval, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Object, Str, Version


class Workspace(Base):
    """`clock_offset` is added to the database's time at every door; it is zero unless `sandbox`.

    `clock_target` is where an advancing test clock shall stop; the scheduler moves the offset there hour by hour.
    """

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Str]
    timezone: Mapped[Str]
    currency: Mapped[Str]
    language: Mapped[str] = mapped_column(server_default=text("'fr'"))
    sandbox: Mapped[bool] = mapped_column(server_default=text("false"))
    clock_offset: Mapped[timedelta] = mapped_column(Interval, server_default=text("'0'"))
    clock_target: Mapped[Instant | None]
    settings: Mapped[Object]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
