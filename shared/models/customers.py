"""The customer: one record per company or person, the people there, and the vocabulary of tags."""

from sqlalchemy import CheckConstraint, Computed, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Ids, Instant, Money, Object, Ref, Str, Strings, Version, WorkspaceId
from shared.models.keys import to, to_customer, to_workspace

SEARCH_TEXT = (
    "fold(name || ' ' || coalesce(email, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(phone_raw, '') || ' ' ||"
    " coalesce(external_id, '') || ' ' || coalesce(siren, '') || ' ' || coalesce(siret, '') || ' ' ||"
    " coalesce(vat_number, ''))"
)


class Customer(Base):
    """`birth_date` is text, `YYYY-MM-DD` or `--MM-DD`: a birthday may be known without its year; it is no instant.

    `phone` is E.164 where the number could be understood; `phone_raw` keeps what was given.
    Uniqueness ignores deleted rows, so a deleted customer never blocks its successor.
    """

    __tablename__ = "customer"
    __table_args__ = (
        to_workspace(),
        to("user_account", "owner_id"),
        CheckConstraint("kind in ('company', 'person')", name="kind"),
        CheckConstraint("birth_date ~ '^(\\d{4}|-)-\\d{2}-\\d{2}$'", name="birth_date"),
        Index("uq_customer_external_id", "workspace_id", "external_id", unique=True,
              postgresql_where=text("deleted_at is null")),
        Index("ix_customer_created_at", "workspace_id", "created_at", "id",
              postgresql_where=text("deleted_at is null")),
        Index("ix_customer_owner", "workspace_id", "owner_id", postgresql_where=text("owner_id is not null")),
        Index("ix_customer_email", "workspace_id", text("lower(email)"), postgresql_where=text("email is not null")),
        Index("ix_customer_phone", "workspace_id", "phone", postgresql_where=text("phone is not null")),
        Index("ix_customer_birthday", "workspace_id", text('"right"(birth_date, 5)'),
              postgresql_where=text("birth_date is not null")),
        Index("ix_customer_search", "workspace_id", "search_text", postgresql_using="gin",
              postgresql_ops={"search_text": "gin_trgm_ops"}),
        {"postgresql_with": {"fillfactor": "80"}},
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    external_id: Mapped[Str | None]
    kind: Mapped[Str]
    name: Mapped[Str]
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
    owner_id: Mapped[Ref | None]
    secondary_owner_ids: Mapped[Ids]
    tags: Mapped[Strings]
    preferred_channel: Mapped[Str | None]
    language: Mapped[Str | None]
    timezone: Mapped[Str | None]
    acquisition_channel: Mapped[Str | None]
    potential_annual_revenue: Mapped[Money | None]
    lead_fit: Mapped[int] = mapped_column(server_default=text("0"))
    siren: Mapped[Str | None]
    siret: Mapped[Str | None]
    vat_number: Mapped[Str | None]
    sector: Mapped[Str | None]
    employees: Mapped[int | None]
    annual_revenue: Mapped[Money | None]
    competitors: Mapped[Strings]
    birth_date: Mapped[Str | None]
    sex: Mapped[Str | None]
    csp: Mapped[Str | None]
    family_situation: Mapped[Str | None]
    income_bracket: Mapped[Str | None]
    interests: Mapped[Strings]
    custom_fields: Mapped[Object]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    deleted_at: Mapped[Instant | None]
    version: Mapped[Version]
    search_text: Mapped[str] = mapped_column(Text, Computed(SEARCH_TEXT, persisted=True))


class Contact(Base):
    """A person at a company customer."""

    __tablename__ = "contact"
    __table_args__ = (to_customer(), Index(None, "workspace_id", "customer_id"),
                      Index("ix_contact_email", "workspace_id", text("lower(email)")),
                      Index("ix_contact_phone", "workspace_id", "phone"),
                      Index("uq_contact_external_id", "workspace_id", "external_id", unique=True,
                            postgresql_where=text("external_id is not null")))  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    customer_id: Mapped[Ref]
    external_id: Mapped[Str | None]
    name: Mapped[Str]
    role: Mapped[Str | None]
    decision_maker: Mapped[bool] = mapped_column(server_default=text("false"))
    email: Mapped[Str | None]
    phone: Mapped[Str | None]
    phone_raw: Mapped[Str | None]
    language: Mapped[Str | None]
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Tag(Base):
    """A tag that the workspace knows; customers carry the names."""

    __tablename__ = "tag"
    __table_args__ = (to_workspace(), Index("uq_tag_name", "workspace_id", "name", unique=True))

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    name: Mapped[Str]
    description: Mapped[Str | None]
    color: Mapped[Str | None]
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    version: Mapped[Version]
    created_at: Mapped[CreatedAt]
