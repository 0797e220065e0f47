"""CSV files as French spreadsheets, old exports and broken programs write them."""

from pathlib import Path

import pytest

from services.api.imports.domain.rows import RawRow, Rejected
from services.api.imports.mapping import Mapping
from services.api.imports.reader import ReadLimits, UnreadableFile, open_rows
from tests.unit.imports.files import bad, good, read, write

NOM_VILLE = [(2, ["Café", "Nîmes"]), (3, ["Thé", "Évry"])]


@pytest.mark.parametrize(
    "content",
    [
        "Nom;Ville\nCafé;Nîmes\nThé;Évry\n".encode(),
        "Nom;Ville\r\nCafé;Nîmes\r\nThé;Évry\r\n".encode("utf-8-sig"),
        "Nom,Ville\nCafé,Nîmes\nThé,Évry".encode("cp1252"),
        "Nom\tVille\rCafé\tNîmes\rThé\tÉvry\r".encode(),
        "Nom|Ville\nCafé|Nîmes\nThé|Évry\n".encode(),
        "Nom\tVille\r\nCafé\tNîmes\r\nThé\tÉvry\r\n".encode("utf-16"),
        '"Nom";"Ville"\n"Café";"Nîmes"\n"Thé";Évry\n'.encode(),
        "Nom;Ville;;\nCafé;Nîmes;;\nThé;Évry\n".encode(),
    ],
    ids=["semicolon", "BOM", "1252 and comma", "tab and CR", "bar", "UTF-16", "quoted", "trailing separators"],
)
def test_encoding_separator_and_line_ends_are_found_out(tmp_path: Path, content: bytes) -> None:
    rows = read(write(tmp_path, content))

    assert good(rows) == NOM_VILLE
    assert bad(rows) == []


def test_the_mapping_decides_where_guessing_would_be_wrong(tmp_path: Path) -> None:
    path = write(tmp_path, "Nom;a,b\nÃ©;c,d\n".encode("cp1252"))

    rows = read(path, encoding="windows-1252", separator=",")

    assert good(rows) == [(2, ["Ã©;c", "d"])]


def test_a_separator_stated_by_excel_on_the_first_line_is_obeyed(tmp_path: Path) -> None:
    rows = read(write(tmp_path, "sep=|\nNom|a;b\nX|c;d\n"))

    assert good(rows) == [(3, ["X", "c;d"])]


def test_blank_separated_columns_without_header_are_named_by_position(tmp_path: Path) -> None:
    path = write(tmp_path, b" 00004 0001 19970101  2   29.33\r\n 00021 0002 19970101  3   63.34\r\n")

    rows = read(path, header=False, separator="blanks")

    assert rows == [
        RawRow(1, {"1": "00004", "2": "0001", "3": "19970101", "4": "2", "5": "29.33"}),
        RawRow(2, {"1": "00021", "2": "0002", "3": "19970101", "4": "3", "5": "63.34"}),
    ]


def test_nameless_and_repeated_headers_stay_distinct(tmp_path: Path) -> None:
    with open_rows(write(tmp_path, "Nom;;Nom; Date  de\tfin\n1;2;3;4\n"), mapping=Mapping(separator=";")) as rows:
        assert rows.headers == ("Nom", "#2", "Nom (2)", "Date de fin")


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    rows = read(write(tmp_path, "\nNom;Ville\n\nA;\n ; \n;;\n  \nB;Metz;\n\n"))

    assert good(rows) == [(4, ["A", ""]), (8, ["B", "Metz"])]
    assert bad(rows) == []


def test_a_line_that_was_cut_off_is_reported_with_its_number_and_what_is_missing(tmp_path: Path) -> None:
    rows = read(write(tmp_path, "Nom;Ville;Pays\nA;Metz;FR\nB\nC;Lyon;\nD;Pa"))

    assert good(rows) == [(2, ["A", "Metz", "FR"]), (4, ["C", "Lyon", ""])]
    assert bad(rows) == [(3, "too_few_cells"), (5, "too_few_cells")]
    last = rows[-1]
    assert isinstance(last, Rejected)
    assert last.reasons[0].detail == "La ligne a moins de cellules que l'en-tête : 2 au lieu de 3."
    assert last.reasons[0].describe("en") == "The line has fewer cells than the header: 2 instead of 3."


def test_without_header_the_first_line_says_how_many_cells_there_are(tmp_path: Path) -> None:
    rows = read(write(tmp_path, b" 1  19970101 2\r\n 2  19970101\r\n"), header=False, separator="blanks")

    assert good(rows) == [(1, ["1", "19970101", "2"])]
    assert bad(rows) == [(2, "too_few_cells")]


def test_a_cell_may_hold_lines_and_the_row_has_the_number_of_the_first(tmp_path: Path) -> None:
    rows = read(write(tmp_path, 'Nom;Note\nA;"un\ndeux ""2""\ntrois"\nB;fin\n'))

    assert good(rows) == [(2, ["A", 'un\ndeux "2"\ntrois']), (5, ["B", "fin"])]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"X;1;2", "too_many_cells"),
        (b"X", "too_few_cells"),
        (b'"X;1', "bad_quoting"),
        (b'X;"1', "bad_quoting"),
        (b'"X"Y;1', "bad_quoting"),
        (b"X\0;1", "nul_character"),
        (b"X\xff;1", "undecodable"),
        (b"X;" + b"1" * 200_000, "too_long"),
    ],
)
def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path, line: bytes, code: str) -> None:
    content = b"Nom;N\nCaf\xc3\xa9;1\n" + line + b'\nTh\xc3\xa9;2\n"Ma\xc3\xafs";3\n'

    rows = read(write(tmp_path, content))

    assert bad(rows) == [(3, code)]
    assert good(rows) == [(2, ["Café", "1"]), (4, ["Thé", "2"]), (5, ["Maïs", "3"])]


def test_a_quote_that_is_never_closed_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = ["Nom;N", *(f"C{n};{n}" for n in range(2, 3000))]
    lines[9] = '"jamais fermé;10'

    rows = read(write(tmp_path, "\n".join(lines)))

    assert bad(rows) == [(10, "bad_quoting")]
    assert [line for line, _ in good(rows)] == [*range(2, 10), *range(11, 3000)]


def test_hopeless_quoting_ends_instead_of_being_read_again_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.imports.reader.text.LINES_READ_AGAIN", 10_000)
    path = write(tmp_path, "Nom;N\n" + 'x";"\n' * 2_100)

    with pytest.raises(UnreadableFile) as refused:
        read(path)

    assert refused.value.code == "bad_quoting"


def test_a_few_broken_bytes_do_not_turn_utf_8_into_windows_1252(tmp_path: Path) -> None:
    content = "Nom;Ville\nCafé;Nîmes\nThé;Évry\n".encode() + b"Ma\xefs;Lyon\n"

    rows = read(write(tmp_path, content))

    assert good(rows) == NOM_VILLE
    assert bad(rows) == [(4, "undecodable")]


def test_the_five_bytes_that_windows_1252_does_not_know_are_reported(tmp_path: Path) -> None:
    rows = read(write(tmp_path, b"Nom;Ville\nCaf\xe9;Lyon\nA\x81;Metz\n"))

    assert good(rows) == [(2, ["Café", "Lyon"])]
    assert bad(rows) == [(3, "undecodable")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty_file"),
        (b"\xff\xfe", "empty_file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text"),
        (b"PK\x03\x04" + b"x" * 100, "not_text"),
        (b"%PDF-1.7 texte\n", "not_text"),
        (b"<!DOCTYPE html><html>Erreur 500</html>", "not_text"),
        (b"N\0o\0m\0;\0V\0\n\0", "not_text"),
        (b"Nom\n" + b"\0\x01\0\n" * 50, "not_text"),
        (b"Nom;Ville\n" + b"x" * 10_000_000, "line_too_long"),
        (b'"Nom;Ville\n', "bad_header"),
        (b";" * 600 + b"Nom\nX\n", "too_many_columns"),
    ],
)
def test_what_is_no_text_file_of_rows_is_refused_with_a_code(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(write(tmp_path, content))

    assert refused.value.code == code
    assert refused.value.detail
    assert refused.value.describe("en")


def test_a_file_with_more_cells_than_allowed_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a;b\n" + "1;2\n" * 60)

    with pytest.raises(UnreadableFile) as refused:
        read(path, limits=ReadLimits(cells=100))

    assert refused.value.code == "too_many_cells"


def test_a_name_that_contradicts_the_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(write(tmp_path, "Nom;Ville\nA;B\n", "clients.xlsx"))

    assert refused.value.code == "not_a_workbook"


def test_the_name_the_user_gave_counts_not_the_temporary_one(tmp_path: Path) -> None:
    path = write(tmp_path, "Nom;Ville\nA;B\n", "upload-7f3a")

    with pytest.raises(UnreadableFile) as refused:
        open_rows(path, mapping=Mapping(), filename="Clients.XLSX")
    with open_rows(path, mapping=Mapping(), filename="Clients.CSV") as rows:
        assert good(list(rows)) == [(2, ["A", "B"])]
    assert refused.value.code == "not_a_workbook"
