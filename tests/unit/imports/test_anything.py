"""Whatever is in a file or a cell: it is read, or refused with a reason in both languages. Nothing else happens."""

from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.api.imports.domain.entities import COMPANIONS, CUSTOM_FIELDS, ENTITIES, FIELDS
from services.api.imports.domain.headers import Entity
from services.api.imports.domain.parsing import RowParser
from services.api.imports.domain.rows import Cell, RawRow, Rejected
from services.api.imports.domain.wording import LANGUAGES
from services.api.imports.mapping import Mapping
from services.api.imports.reader import UnreadableFile
from tests.unit.imports.files import context, read, write

PIECES = st.sampled_from(
    [
        b'"', b'""', b";", b",", b"\t", b"|", b"\n", b"\r", b"\0", b" ", b"a", b"sep=", b"\xe9", b"\xc3\xa9",
        b"\xed\xa0\x80", b"\xff\xfe", b"\xef\xbb\xbf",
    ]
)  # fmt: skip
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.text(max_size=20),
    st.text("0123456789 .,-/()€hTZ:+", max_size=20),
    st.sampled_from(["#N/A", '="1"', "9" * 400, "x" * 10_001, "--02-30", "\ud800", "\0", date.min, date.max]),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.datetimes(),
    st.just(time(1, 2)),
    st.just(timedelta(days=-1)),
)


@settings(max_examples=200)
@given(st.lists(PIECES, min_size=1, max_size=60).map(b"".join))
def test_any_bytes_are_rows_in_the_order_of_their_lines_or_an_unreadable_file(content: bytes) -> None:
    lines: list[int] = []
    with TemporaryDirectory() as folder, suppress(UnreadableFile):
        lines = [row.line_number for row in read(write(Path(folder), content))]

    assert lines == sorted(set(lines))


@pytest.mark.parametrize("entity", ENTITIES)
@settings(max_examples=50)
@given(st.data())
def test_any_cells_are_a_candidate_or_reasons(entity: Entity, data: st.DataObject) -> None:
    headers = tuple(FIELDS[entity].keys() - COMPANIONS.values() - {CUSTOM_FIELDS})
    parser = RowParser(Mapping().bind(entity, headers), context())

    parsed = parser(RawRow(2, {header: data.draw(CELLS) for header in headers}))

    if isinstance(parsed, Rejected):
        assert all(reason.describe(language) for reason in parsed.reasons for language in LANGUAGES)
        shown = "".join(reason.value or "" for reason in parsed.reasons)
        assert b"\0" not in shown.encode()
