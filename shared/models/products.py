"""What is sold, and what foreign money was worth."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlalchemy.dialects.postgresql import CHAR
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Day, Id, Money, Str, Version, WorkspaceId
from shared.models.keys import to_workspace


class Product(Base):
    """An article or service of the catalogue."""

    __tablename__ = "product"
    __table_args__ = (to_workspace(), Index("uq_product_external_id", "workspace_id", "external_id", unique=True,
                                            postgresql_where=text("external_id is not null")))  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    external_id: Mapped[Str | None]
    name: Mapped[Str]
    category: Mapped[Str | None]
    unit_price: Mapped[Money | None]
    currency: Mapped[str] = mapped_column(CHAR(3))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class ExchangeRate(Base):
    """Units of the workspace's currency for 1 of `currency`, valid from `date` to the next row (C1)."""

    __tablename__ = "exchange_rate"
    __table_args__ = (to_workspace(), CheckConstraint("rate > 0 and rate < 'Infinity'", name="rate"),
                      Index("uq_exchange_rate_date", "workspace_id", "currency", "date", unique=True))  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    date: Mapped[Day]
    currency: Mapped[str] = mapped_column(CHAR(3))
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    created_at: Mapped[CreatedAt]
