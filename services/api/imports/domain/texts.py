"""Text cells: trimmed, composed (NFC), free of what a database cannot store, and of a known length."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from services.api.imports.domain.rows import Cell, Unusable
from shared.domain import limits

Convert = Callable[[Cell], object]
"""Turns a cell into the value to store; None for a blank one; raises `Unusable`."""

_UNSTORABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EXCEL_ERROR: Final = re.compile(r"#(?:N/A|REF!|VALUE!|VALEUR!|DIV/0!|NAME\?|NOM\?|NULL!|NUL!|NUM!|NOMBRE!|N/D)")
_LIST_SEPARATOR: Final = re.compile(r"[,;|\n]")


def as_text(cell: Cell) -> str:
    """The trimmed text a person sees in the cell: 732829320.0 is "732829320", and ="00123" of an export is "00123"."""
    if isinstance(cell, str):
        text = cell.strip()
        return _unwrapped(text) if text and text[0] in "=#" else text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def line(limit: int) -> Callable[[Cell], str | None]:
    """One line of text: line breaks and runs of unusual blanks become one blank."""

    def convert(cell: Cell) -> str | None:
        text = as_text(cell)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if not text.isprintable():
            text = " ".join(_storable(text).split())
        if len(text) > limit:
            raise Unusable("too_long", limit=limit)
        return text or None

    return convert


def paragraphs(limit: int = limits.TEXT) -> Convert:
    """Free text, line breaks kept."""

    def convert(cell: Cell) -> str | None:
        text = unicodedata.normalize("NFC", _storable(as_text(cell)))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > limit:
            raise Unusable("too_long", limit=limit)
        return text or None

    return convert


def labels(cell: Cell) -> tuple[str, ...] | None:
    """A list written in one cell, separated by commas, semicolons, bars or line breaks; repeated items once."""
    items = dict.fromkeys(label for part in _LIST_SEPARATOR.split(as_text(cell)) if (label := _label(part)) is not None)
    if len(items) > limits.TAGS:
        raise Unusable("bad_value.too_many_items", limit=limits.TAGS)
    return tuple(items) or None


def checked(normalise: Callable[[str], str | None], why: str, *, limit: int = limits.EMAIL) -> Convert:
    """A text that a function of the vocabulary either brings into its one form or refuses."""

    def convert(cell: Cell) -> str | None:
        text = as_text(cell)
        if not text:
            return None
        normal = normalise(text) if len(text) <= limit else None
        if normal is None:
            raise Unusable(why)
        return normal

    return convert


_label = line(limits.LABEL)


def _storable(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise Unusable("bad_value.characters")
    return text


def _unwrapped(text: str) -> str:
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1].strip()
    if _EXCEL_ERROR.fullmatch(text):
        raise Unusable("bad_value.excel_error")
    return text
