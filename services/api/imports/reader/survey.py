"""A first look at a text file, byte by byte: is it text, in which encoding, and is every line of a sane length?"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from services.api.imports.reader.table import ReadLimits
from services.api.imports.reader.unreadable import UnreadableFile

UTF_8: Final = "utf-8"
UTF_16: Final = "utf-16"
WINDOWS_1252: Final = "cp1252"

HEAD: Final = 1 << 16
_CHUNK: Final = 1 << 20
_LINE_END: Final = re.compile(rb"[\r\n]")
_NOT_ASCII: Final = re.compile(rb"[^\x00-\x7f]")
_HOLES_OF_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# PNG, JPEG, GIF, PDF, zip, gzip, OLE, 7z, rar, ELF, and the error pages that a failed download leaves behind.
_NOT_TEXT: Final = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|%PDF|PK\x03\x04|\x1f\x8b|\xd0\xcf\x11\xe0|7z\xbc\xaf|Rar!|\x7fELF|\s*<(?:!doctype|html|\?xml)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Survey:
    """`suspect` says that some line holds a NUL or bytes that are no text, so that each has to be looked at."""

    encoding: str
    lines: int
    suspect: bool


def survey(path: Path, *, encoding: str | None, limits: ReadLimits) -> Survey:
    """Raises `UnreadableFile` for what is not text, is empty, or has a line of megabytes. Reads the file once, twice
    when it is not UTF-8."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if encoding != UTF_16:
            _refuse_binary(head)
        file.seek(0)
        scan = _Scan(limits.line_bytes)
        while chunk := file.read(_CHUNK):
            scan.read(chunk)
        scan.finish()
        chosen = encoding or _guess(head, scan, file)
    suspect = chosen == UTF_16 or scan.has_nul or (scan.has_1252_holes if chosen == WINDOWS_1252 else not scan.is_utf_8)
    return Survey("utf-8-sig" if chosen == UTF_8 else chosen, scan.lines, suspect)


def _refuse_binary(head: bytes) -> None:
    if not head.removeprefix(BOM_UTF8).strip():
        raise UnreadableFile("empty_file")
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return
    lines = _LINE_END.split(head)
    # One line with a NUL is a bad line; a file of them, or a header with one, is something else than text.
    with_nul = sum(b"\0" in line for line in lines)
    if _NOT_TEXT.match(head) or b"\0" in lines[0] or with_nul * 2 > len(lines):
        raise UnreadableFile("not_text")


class _Scan:
    """What one pass over the bytes can tell, in memory that does not depend on the file."""

    def __init__(self, longest_line: int) -> None:
        self._longest_line = longest_line
        self._line = 0
        self._decoder = getincrementaldecoder(UTF_8)()
        self.lines = 1
        self.has_nul = False
        self.has_1252_holes = False
        self.is_utf_8 = True

    def read(self, chunk: bytes) -> None:
        self._measure(chunk)
        self.lines += chunk.count(b"\n") or chunk.count(b"\r")
        self.has_nul = self.has_nul or b"\0" in chunk
        if chunk.isascii():
            return
        self.has_1252_holes = self.has_1252_holes or _HOLES_OF_1252.search(chunk) is not None
        self._decode(chunk)

    def finish(self) -> None:
        self._decode(b"", final=True)

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        if self.is_utf_8:
            try:
                self._decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.is_utf_8 = False

    def _measure(self, chunk: bytes) -> None:
        """Lines inside a chunk are shorter than the chunk: only those that cross its borders can be too long."""
        for start in range(0, len(chunk), self._longest_line):
            part = chunk[start : start + self._longest_line]
            end = _LINE_END.search(part)
            self._line += end.start() if end else len(part)
            if self._line > self._longest_line:
                raise UnreadableFile("line_too_long", limit=self._longest_line)
            if end:
                self._line = len(part) - 1 - max(part.rfind(b"\n"), part.rfind(b"\r"))


def _guess(head: bytes, scan: _Scan, file: BinaryIO) -> str:
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return UTF_16
    if head.startswith(BOM_UTF8) or scan.is_utf_8:
        return UTF_8
    return _vote(file)


def _vote(file: BinaryIO) -> str:
    """Windows-1252 text is hardly ever valid UTF-8 by accident: when most lines with accents are, a few are broken."""
    balance = 0
    file.seek(0)
    for line in file:
        if _NOT_ASCII.search(line):
            balance += 1 if _is_utf_8(line) else -1
    return UTF_8 if balance > 0 else WINDOWS_1252


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True
