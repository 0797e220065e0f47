"""Parsed rows of an import on their way into the portfolio: unlogged, filled by COPY, emptied when merged.

A crash of PostgreSQL empties unlogged tables; the worker then parses the file again, which changes nothing else.
"""

from decimal import Decimal

from sqlalchemy import Computed, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import Day, Instant, Ref, Str, WorkspaceId

UNLOGGED = {"prefixes": ["UNLOGGED"]}
IDENTITY = (
    "coalesce('id ' || external_id, 'siret ' || siret, 'siren ' || siren, 'vat ' || vat_number,"
    " 'email ' || lower(email),"
    " 'name ' || fold(name) || ' ' || coalesce(phone, '') || ' ' || coalesce(postal_code, ''))"
)


class _Row:
    """Every staged row knows its import and its line."""

    workspace_id: Mapped[WorkspaceId]
    import_id: Mapped[Ref] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True)


class CustomerRow(_Row, Base):
    """A customer as parsed; null means: the file says nothing about it.

    `identity` is what tells the customers of a file apart: their reference or, without one, the strongest thing known
    of them. `customer_id` is whom a row without reference turned out to be.
    """

    __tablename__ = "import_customer_row"
    __table_args__ = (Index(None, "workspace_id", "import_id", "identity"), UNLOGGED)

    external_id: Mapped[Str | None]
    kind: Mapped[Str | None]
    name: Mapped[Str | None]
    lifecycle: Mapped[Str | None]
    email: Mapped[Str | None]
    phone: Mapped[Str | None]
    phone_raw: Mapped[Str | None]
    address_line1: Mapped[Str | None]
    address_line2: Mapped[Str | None]
    postal_code: Mapped[Str | None]
    city: Mapped[Str | None]
    region: Mapped[Str | None]
    country: Mapped[Str | None]
    owner_email: Mapped[Str | None]
    tags: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    preferred_channel: Mapped[Str | None]
    language: Mapped[Str | None]
    timezone: Mapped[Str | None]
    acquisition_channel: Mapped[Str | None]
    potential_annual_revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    lead_fit: Mapped[int | None]
    siren: Mapped[Str | None]
    siret: Mapped[Str | None]
    vat_number: Mapped[Str | None]
    sector: Mapped[Str | None]
    employees: Mapped[int | None]
    annual_revenue: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    competitors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    birth_date: Mapped[Str | None]
    sex: Mapped[Str | None]
    csp: Mapped[Str | None]
    family_situation: Mapped[Str | None]
    income_bracket: Mapped[Str | None]
    interests: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    custom_fields: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    created_at: Mapped[Instant | None]
    customer_id: Mapped[Ref | None]
    identity: Mapped[str | None] = mapped_column(Text, Computed(IDENTITY, persisted=True))


class TransactionRow(_Row, Base):
    """A sale or refund as parsed."""

    __tablename__ = "import_transaction_row"
    __table_args__ = (
        Index("ix_import_transaction_row_order", "workspace_id", "import_id", "customer_external_id", "order_id",
              postgresql_where=text("order_id is not null")),
        UNLOGGED,
    )  # fmt: skip

    external_id: Mapped[Str | None]
    customer_external_id: Mapped[Str]
    order_id: Mapped[Str | None]
    kind: Mapped[Str]
    occurred_at: Mapped[Instant]
    amount: Mapped[Decimal] = mapped_column(Numeric(18, 4))
    currency: Mapped[Str | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


class InteractionRow(_Row, Base):
    """A contact as parsed."""

    __tablename__ = "import_interaction_row"
    __table_args__ = (UNLOGGED,)

    external_id: Mapped[Str | None]
    customer_external_id: Mapped[Str]
    kind: Mapped[Str]
    direction: Mapped[Str | None]
    occurred_at: Mapped[Instant]
    duration_seconds: Mapped[int | None]
    subject: Mapped[Str | None]
    body: Mapped[Str | None]
    message_id: Mapped[Str | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))


class OpportunityRow(_Row, Base):
    """A possible sale as parsed."""

    __tablename__ = "import_opportunity_row"
    __table_args__ = (UNLOGGED,)

    external_id: Mapped[Str | None]
    customer_external_id: Mapped[Str | None]
    name: Mapped[Str]
    stage: Mapped[Str]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(18, 4))
    currency: Mapped[Str | None]
    probability_pct: Mapped[int | None]
    owner_email: Mapped[Str | None]
    product_name: Mapped[Str | None]
    engaged_on: Mapped[Day | None]
    expected_close_on: Mapped[Day | None]
    closed_on: Mapped[Day | None]
