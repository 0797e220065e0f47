"""Whatever can go wrong has its sentence in both languages."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from services.api import imports
from services.api.imports.domain.wording import TEXTS

WHERE_THE_REASON_STANDS = {
    "Unusable": 0, "UnreadableFile": 0, "Note": 0, "bad_line": 1, "checked": 1, "choice": 1, "_digits": 1,
}  # fmt: skip


def given_reasons() -> set[str]:
    """Every text written where a function expects the key of a sentence."""
    calls = [
        (node.func.id, node.args)
        for path in Path(imports.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    places = [
        args[WHERE_THE_REASON_STANDS[name]]
        for name, args in calls
        if name in WHERE_THE_REASON_STANDS and len(args) > WHERE_THE_REASON_STANDS[name]
    ]
    written = [node.value for place in places for node in ast.walk(place) if isinstance(node, ast.Constant)]
    return {text for text in written if isinstance(text, str) and text != '"'}


def test_every_reason_that_is_given_has_a_sentence() -> None:
    given = given_reasons()

    assert {"bad_email", "bad_siren", "bad_quoting", "too_many_columns", "workbook_too_large"} <= given
    assert given <= TEXTS.keys()


@pytest.mark.parametrize("why", TEXTS)
def test_both_languages_fill_the_same_blanks(why: str) -> None:
    french, english = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in TEXTS[why])

    assert french == english
