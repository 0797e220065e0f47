"""Imports: the job, the file it came with, and what was wrong with which line."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.base import Base
from shared.db.types import CreatedAt, Id, Instant, Json, Object, Ref, Str, WorkspaceId
from shared.models.keys import to, to_workspace

UNFINISHED = "status in ('received', 'parsing', 'merging')"
STATUSES = "status in ('received', 'parsing', 'merging', 'completed', 'failed', 'cancelled')"


class Import(Base):
    """A file on its way into the portfolio. Counts can be read at any moment.

    `merged_through` is the checkpoint: every line up to it is in, so a killed worker goes on behind it.
    `staged_through` is the last line in the staging table: a table that PostgreSQL emptied is noticed by its absence.
    `columns` says which column fed which field; null where a constant or a composed id did.
    `customers_created` counts those that facts named and nobody knew; `attempts` the claims since anything moved on.
    """

    __tablename__ = "import"
    __table_args__ = (
        to_workspace(),
        CheckConstraint(STATUSES, name="status"),
        Index("ix_import_status", "status", "created_at", postgresql_where=text(UNFINISHED)),
    )  # fmt: skip

    workspace_id: Mapped[WorkspaceId]
    id: Mapped[Id]
    entity: Mapped[Str]
    filename: Mapped[Str]
    mapping: Mapped[Object]
    dry_run: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[str] = mapped_column(server_default=text("'received'"))
    bytes_total: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rows_total: Mapped[int | None]
    rows_parsed: Mapped[int] = mapped_column(server_default=text("0"))
    staged_through: Mapped[int] = mapped_column(server_default=text("0"))
    merged_through: Mapped[int] = mapped_column(server_default=text("0"))
    created: Mapped[int] = mapped_column(server_default=text("0"))
    updated: Mapped[int] = mapped_column(server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(server_default=text("0"))
    duplicate: Mapped[int] = mapped_column(server_default=text("0"))
    rejected: Mapped[int] = mapped_column(server_default=text("0"))
    customers_created: Mapped[int] = mapped_column(server_default=text("0"))
    columns: Mapped[Object]
    warnings: Mapped[Json] = mapped_column(server_default=text("'[]'"))
    error: Mapped[Json | None]
    requested_by: Mapped[Ref | None]
    correlation_id: Mapped[Str | None]
    lease_token: Mapped[Ref | None] = mapped_column(PgUuid)
    lease_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    created_at: Mapped[CreatedAt]
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]


class ImportChunk(Base):
    """A piece of the uploaded file: the worker may run on another machine than the api."""

    __tablename__ = "import_chunk"
    __table_args__ = (to("import", "import_id", ondelete="CASCADE"),)

    workspace_id: Mapped[WorkspaceId]
    import_id: Mapped[Ref] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportFault(Base):
    """One fault of one line, in the words of definitions.md I7 where they apply."""

    __tablename__ = "import_error"
    __table_args__ = (
        to("import", "import_id", ondelete="CASCADE"),
        Index("ix_import_error_line", "workspace_id", "import_id", "line_number"),
    )

    workspace_id: Mapped[WorkspaceId]
    import_id: Mapped[Ref] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    line_number: Mapped[int]
    column: Mapped[Str | None]
    code: Mapped[Str]
    detail: Mapped[Str]
    value: Mapped[Str | None]


class ImportTouch(Base):
    """The customers that one slice of an import created or changed, or told something about.

    One row a slice, not a row a customer: it is written in the slice's transaction and only read as a whole.
    """

    __tablename__ = "import_touch"
    __table_args__ = (to("import", "import_id", ondelete="CASCADE"),)

    workspace_id: Mapped[WorkspaceId]
    import_id: Mapped[Ref] = mapped_column(primary_key=True)
    through_line: Mapped[int] = mapped_column(primary_key=True)
    customer_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid))
