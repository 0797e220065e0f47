"""Workbooks: typed cells, sheets, and the files that would take the worker down."""

import signal
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from services.api.imports.reader import ReadLimits, UnreadableFile
from services.api.imports.reader.workbook import _cause_of_death
from services.api.imports.reader.workbook_process import _read
from tests.unit.imports.files import good, read, write

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(folder: Path, rows: list[list[object]], **other_sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for title, content in {"Clients": rows, **other_sheets}.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    del book["Sheet"]
    path = folder / "clients.xlsx"
    book.save(path)
    return path


def cells_of(path: Path, sheet: str | int | None = None) -> list[list[object]]:
    """What the child process would send, without starting one."""
    _, *batches = _read(str(path), sheet, ReadLimits())
    return [row for batch in batches for row in batch]


def test_cells_arrive_with_their_types_and_the_sheet_s_own_line_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        [
            ["Nom", "CA", "Depuis", "Dernier appel", "Actif"],
            ["Café", 1234.5, date(2026, 3, 5), datetime(2026, 3, 5, 14, 30, 1), True],
            [None, None, None, None, None],
            ["Thé", None, None, None, None],
        ],
    )

    rows = read(path)

    assert good(rows) == [
        (2, ["Café", 1234.5, date(2026, 3, 5), datetime(2026, 3, 5, 14, 30, 1), True]),
        (4, ["Thé", "", "", "", ""]),
    ]


def test_a_position_counts_from_the_first_column_of_the_sheet(tmp_path: Path) -> None:
    assert cells_of(workbook(tmp_path, [[None, "Nom"], [None, "A"]])) == [["", "Nom"], ["", "A"]]


def test_the_first_visible_sheet_is_read_unless_the_mapping_names_another(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["caché"]], Ventes=[["visible"]], Notes=[["notes"]])
    book = openpyxl.load_workbook(path)
    book["Clients"].sheet_state = "hidden"
    book.active = 1
    book.save(path)

    assert cells_of(path) == [["visible"]]
    assert cells_of(path, "Notes") == [["notes"]]
    assert cells_of(path, 1) == [["caché"]]
    for missing in ("Achats", 4):
        with pytest.raises(UnreadableFile) as refused:
            cells_of(path, missing)
        assert refused.value.code == "no_such_sheet"


def test_a_single_cell_in_the_far_corner_does_not_take_the_worker_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "Nom", "x"
    book.save(tmp_path / "bombe.xlsx")

    with pytest.raises(UnreadableFile) as refused:
        read(tmp_path / "bombe.xlsx")

    assert refused.value.code == "workbook_too_large"


def test_a_workbook_with_more_cells_than_allowed_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [[1, 2, 3]] * 4)

    with pytest.raises(UnreadableFile) as refused:
        list(_read(str(path), None, ReadLimits(cells=11)))

    assert refused.value.code == "too_many_cells"


def test_a_zip_bomb_is_refused_by_the_size_it_admits(tmp_path: Path) -> None:
    path = tmp_path / "bombe.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)

    with pytest.raises(UnreadableFile) as refused:
        read(path, limits=ReadLimits(workbook_bytes=2_000_000))

    assert path.stat().st_size < 10_000
    assert refused.value.code == "workbook_too_large"


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["Nom"], ["A"]]).read_bytes()

    with pytest.raises(UnreadableFile) as refused:
        read(write(tmp_path, whole[: len(whole) // 2], "coupe.xlsx"))

    assert refused.value.code == "broken_workbook"


def test_a_workbook_with_a_broken_directory_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path, [["Nom"], ["A"]]).read_bytes()

    with pytest.raises(UnreadableFile) as refused:
        read(write(tmp_path, whole.replace(b"PK\x01\x02", b"PK\x01\x03"), "casse.xlsx"))

    assert refused.value.code == "broken_workbook"


@pytest.mark.parametrize(
    ("death", "code"),
    [
        (-signal.SIGABRT, "workbook_too_large"),
        (-signal.SIGXCPU, "workbook_too_large"),
        (-signal.SIGSEGV, "broken_workbook"),
        (1, "broken_workbook"),
    ],
)
def test_the_death_of_the_reading_process_says_what_is_wrong_with_the_file(death: int, code: str) -> None:
    cause = _cause_of_death(death)

    assert isinstance(cause, UnreadableFile)
    assert cause.code == code


def test_a_reading_process_that_was_stopped_says_nothing_about_the_file() -> None:
    assert isinstance(_cause_of_death(-signal.SIGTERM), ChildProcessError)


def test_an_encrypted_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(write(tmp_path, OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le"), "secret.xlsx"))

    assert refused.value.code == "encrypted_workbook"


def test_a_workbook_called_csv_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["Nom"]]).rename(tmp_path / "clients.csv")

    with pytest.raises(UnreadableFile) as refused:
        read(path)

    assert refused.value.code == "not_text"
