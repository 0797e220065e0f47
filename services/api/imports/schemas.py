"""An import as callers ask for it and see it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.api.imports.domain.headers import Entity
from services.api.schemas import Instant, PageParameters, View

Status = Literal["received", "parsing", "merging", "completed", "failed", "cancelled"]
Lines = Annotated[int, Field(ge=0)]


class Remark(View):
    """About a column, or about the mapping at `pointer`. Stable `code`, sentence in the workspace's language."""

    pointer: str
    code: str
    detail: str


class ImportFailure(View):
    """Why nothing, or nothing more, could be imported."""

    code: str
    detail: str
    faults: list[Remark]


class Import(View):
    """A file on its way into the portfolio. Counts are rows of the file, and can be read at any moment.

    `rows_total` is an estimate until everything is parsed; every line up to `merged_through` is in. With `dry_run` the
    counts are those that would be. A cancelled import keeps what it had brought.
    """

    id: UUID
    entity: Entity
    filename: str
    dry_run: bool
    status: Status
    mapping: dict[str, Any]
    columns: dict[str, str | None] = Field(
        description="The column that fed each field; null for constants and composed ids"
    )
    bytes_total: int
    rows_total: Lines | None
    rows_parsed: Lines
    merged_through: Lines
    created: Lines
    updated: Lines
    unchanged: Lines
    duplicate: Lines
    rejected: Lines
    customers_created: Lines = Field(description="Customers that facts named and nobody knew")
    warnings: list[Remark]
    error: ImportFailure | None
    requested_by: UUID | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


class ImportListParameters(PageParameters):
    """Filters of the list; newest first."""

    status: Status | None = None
    entity: Entity | None = None


class ImportFault(View):
    """One fault of one line. `value` is the cell as given, shortened."""

    line: int
    column: str | None
    code: str
    detail: str
    value: str | None


class FaultListParameters(PageParameters):
    """Filters of the faults; in the order of the lines."""

    code: Annotated[str | None, Field(default=None, max_length=100)]
