"""Statements that live in their own `.sql` file, read once."""

from functools import cache
from importlib.resources import files


@cache
def load_sql(package: str, name: str) -> str:
    """The text of `<name>.sql` in a package's folder; raises FileNotFoundError."""
    return files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
