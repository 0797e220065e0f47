"""The declarative base, with a name for every constraint so that an error can be told from another."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, Table
from sqlalchemy.orm import DeclarativeBase


def _pointing_column(constraint: ForeignKeyConstraint, _: Table) -> str:
    """The last column of a foreign key: the first one is always the workspace."""
    return constraint.column_keys[-1]


NAMING: Mapping[Any, Any] = {
    "pointing_column": _pointing_column,
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(pointing_column)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's class derives from this one."""

    metadata = MetaData(naming_convention=NAMING)
