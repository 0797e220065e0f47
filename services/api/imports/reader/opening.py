"""Which kind of file is this, by its first bytes and by its name?"""

from pathlib import Path, PurePath
from typing import Final

from services.api.imports.mapping import Mapping
from services.api.imports.reader.table import ReadLimits, RowStream
from services.api.imports.reader.text import open_text
from services.api.imports.reader.unreadable import UnreadableFile
from services.api.imports.reader.workbook import open_workbook

TEXT_NAMES: Final = {".csv", ".tsv", ".txt"}
WORKBOOK_NAMES: Final = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
ZIPPED_NAMES: Final = WORKBOOK_NAMES - {".xls"}

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_rows(
    path: Path, *, mapping: Mapping, filename: str | None = None, limits: ReadLimits | None = None
) -> RowStream:
    """Opens a CSV or workbook file and reads its header. Blocking.

    `filename` is the name the user gave it, when `path` is a temporary one. Raises `UnreadableFile`, at once or, for a
    workbook that breaks off and for hopeless quoting, while the rows are read.
    """
    suffix = PurePath(filename or path.name).suffix.lower()
    if _is_workbook(path, suffix):
        return open_workbook(path, mapping=mapping, limits=limits or ReadLimits())
    return open_text(path, mapping=mapping, limits=limits or ReadLimits())


def _is_workbook(path: Path, suffix: str) -> bool:
    """The content decides; a name that says otherwise is an error, because one of the two is not what was meant."""
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if not head:
        raise UnreadableFile("empty_file")
    packed = head.startswith((_ZIP, _OLE))
    if packed and suffix in TEXT_NAMES:
        raise UnreadableFile("not_text")
    if not packed and suffix in WORKBOOK_NAMES:
        raise UnreadableFile("not_a_workbook")
    # Excel wraps an encrypted XLSX into the container of the old format.
    if head.startswith(_OLE) and suffix in ZIPPED_NAMES:
        raise UnreadableFile("encrypted_workbook")
    return packed
