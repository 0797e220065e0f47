"""Foreign keys that carry the workspace with them: a row can never point into another workspace."""

from sqlalchemy import ForeignKeyConstraint


def to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """`(workspace_id, column)` references `(workspace_id, id)` of another table."""
    return ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        ondelete=ondelete,
    )


def to_customer(column: str = "customer_id") -> ForeignKeyConstraint:
    return to("customer", column)


def to_workspace() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace_id"], ["workspace.id"])
