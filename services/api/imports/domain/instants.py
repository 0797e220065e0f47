"""Moments: a date and a time of day somewhere on Earth, stored in UTC.

* RFC 3339 with its offset is taken as it is. The same form without offset is `bad_timestamp` (rule I7), unless the
  mapping states the file's `timezone`: a machine wrote it and did not say where.
* What people and spreadsheets write (05/03/2026 14:30, an Excel date, 2026-03-05 14:30) is local time: of the mapping's
  `timezone`, else of the workspace.
* A date without time of day is that day in the workspace's time zone, from its first moment: rule D1 puts it there.
* A local time that the clocks jump over lands one jump later; one that happens twice is the first of the two.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from services.api.imports.domain.context import RowContext
from services.api.imports.domain.dates import FIRST_YEAR, LAST_YEAR, YEARS_AHEAD, ReadDay, day_reader, from_serial
from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import Convert, as_text

_RFC_3339: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_TIME: Final = re.compile(
    r"(?P<day>.*?)(?:,? +(?:[àa] +|at +)?)(?P<hour>[0-9]{1,2})[:hH](?P<minute>[0-9]{2})?"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<offset>Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_LONGEST: Final = 60
_SERIAL: Final = re.compile(r"[0-9]{5}[.,][0-9]+")


def instant(context: RowContext) -> Convert:
    """An aware datetime in UTC, or `bad_timestamp`."""
    read_day = day_reader(context.date_format, context.today.year + YEARS_AHEAD)
    local = context.stated_timezone or context.timezone

    def convert(cell: Cell) -> datetime | None:
        if not isinstance(cell, str):
            return _from_workbook(cell, read_day, local, context.timezone)
        text = as_text(cell)
        if not text:
            return None
        if match := _RFC_3339.fullmatch(text):
            return _from_machine(text, match["offset"], context.stated_timezone)
        if found := read_day(text):
            return _first_moment(found, context.timezone)
        return _from_people(text, read_day, local)

    return convert


def _from_machine(text: str, offset: str | None, stated: tzinfo | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise Unusable("bad_timestamp") from None
    if offset is None:
        if stated is None:
            raise Unusable("bad_timestamp.no_offset")
        moment = moment.replace(tzinfo=stated)
    return _in_utc(moment)


def _from_people(text: str, read_day: ReadDay, local: tzinfo) -> datetime:
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text.replace(",", ".")), local)
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    found = read_day(match["day"].strip()) if match else None
    if match is None or found is None:
        raise Unusable("bad_timestamp")
    try:
        moment = datetime.combine(found, _time_of(match), _zone_of(match["offset"]) or local)
    except ValueError:
        raise Unusable("bad_timestamp") from None
    return _in_utc(moment)


def _time_of(match: "re.Match[str]") -> time:
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0), microsecond)


def _zone_of(offset: str | None) -> tzinfo | None:
    if offset is None or offset in {"Z", "UTC"}:
        return UTC if offset else None
    digits = offset[1:].replace(":", "").ljust(4, "0")
    return datetime.fromisoformat(f"2000-01-01T00:00:00{offset[0]}{digits[:2]}:{digits[2:]}").tzinfo


def _from_workbook(cell: Cell, read_day: ReadDay, local: tzinfo, workspace: tzinfo) -> datetime:
    if isinstance(cell, datetime) and cell.year <= LAST_YEAR:
        # Excel counts in fractions of a day: what is left over of a second is noise.
        return _in_utc((cell + timedelta(milliseconds=500)).replace(microsecond=0, tzinfo=local))
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return _first_moment(cell, workspace)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = read_day(as_text(cell))
        return _first_moment(found, workspace) if found else _from_serial(cell, local)
    raise Unusable("bad_timestamp")


def _from_serial(serial: float, local: tzinfo) -> datetime:
    found = from_serial(serial)
    if found is None:
        raise Unusable("bad_timestamp")
    seconds = round(serial % 1 * 86_400)
    return _in_utc((datetime.combine(found, time()) + timedelta(seconds=seconds)).replace(tzinfo=local))


def _first_moment(found: date, zone: tzinfo) -> datetime:
    return _in_utc(datetime.combine(found, time(), zone))


def _in_utc(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Unusable("bad_timestamp")
    return moment.astimezone(UTC)
