"""Reads CSV and workbook files row by row. Blocking: callers run it in a thread. Knows nothing of fields or values.

A file that is not what it claims raises `UnreadableFile`; a line that cannot be read is yielded as `Rejected` and the
rest goes on.
"""

from services.api.imports.reader.opening import open_rows
from services.api.imports.reader.table import ReadLimits, RowStream
from services.api.imports.reader.unreadable import UnreadableFile

__all__ = ["ReadLimits", "RowStream", "UnreadableFile", "open_rows"]
