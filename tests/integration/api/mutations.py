"""What may be wrong with a JSON body, read from its schema: one field at a time, everything else as it should be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from tests.integration.api.operations import Schema, nullable, resolved, variants

Json = dict[str, Any]
_HOLE = "the place of the wrong value"
_NUL, _SURROGATE = '"a\\u0000b"', '"a\\ud800b"'
DEEP = '{"a":' * 100 + "1" + "}" * 100

NOT_A_DAY = ("2026-02-30", "0000-00-00", "99999-01-01", "2300-01-01", "2026-03-15T00:00:00Z", "15/03/2026", "", "12")
NOT_AN_INSTANT = (
    "2026-02-30T10:00:00Z", "0000-00-00T00:00:00Z", "99999-01-01T00:00:00Z", "2300-01-01T00:00:00Z",
    "2026-03-15T10:30:00", "2026-03-15", "2026-03-15T25:00:00Z", "2026-03-15T10:30:00+99:00", "1773567000", "",
)  # fmt: skip
NOT_A_DECIMAL = (
    "true", "[1]", "{}", '"abc"', '"NaN"', '"Infinity"', '"-Infinity"', "NaN", "Infinity", "-Infinity", "1e400",
    '"1e400"', "1" + "0" * 30, '"99999999999999999999"', "100000000000000", '"1.000000001"', "1.000000001",
    "12345678901.2345678", '"1_000"', '"１２"', '"12,50"', '"0x1F"', _NUL,
)  # fmt: skip
NOT_AN_INTEGER = ('"12"', "1.0", "1.5", "true", "[1]", "{}", "1e400", "NaN", '"NaN"', "1" + "0" * 30, "-1e30")


@dataclass(frozen=True)
class Mutation:
    """A body that must be refused, and the pointer of the field that is wrong in it."""

    pointer: str
    wrong: str
    body: bytes

    @property
    def is_json(self) -> bool:
        try:
            orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return False
        return True

    def is_named_by(self, pointers: list[str]) -> bool:
        """Whether a fault points at the field or into it; what is no JSON has no fields to point at.

        The list may stand for its first item.
        """
        if not self.is_json:
            return pointers == ["#"]
        places = {self.pointer, self.pointer.removesuffix("/0")}
        return any(found in places or found.startswith(f"{self.pointer}/") for found in pointers)


def mutations(schema: Schema, body: Json) -> Iterator[Mutation]:
    """Every field of the schema with every wrong value, fields that are not known, and required ones left out."""
    for name, place in (("no_such_field", "#/no_such_field"), ("é\\ud83d\\ude00/~", "#/é\U0001f600~1~0")):
        yield _with(body, json.loads(f'"{name}"'), "1", place)
    for name in schema.get("required", []):
        rest = {key: value for key, value in body.items() if key != name}
        yield Mutation(f"#/{name}", "left out", orjson.dumps(rest))
    for name, field in schema["properties"].items():
        for below, wrong in _wrong(field, required=name in schema.get("required", [])):
            yield _with(body, name, wrong, f"#/{name}{below}")


def _with(body: Json, name: str, wrong: str, pointer: str) -> Mutation:
    document = json.dumps({**body, name: _HOLE}, ensure_ascii=False)
    return Mutation(pointer, wrong[:60], document.replace(f'"{_HOLE}"', wrong).encode())


def _wrong(field: Schema, *, required: bool) -> Iterator[tuple[str, str]]:
    """Wrong values as JSON text, each with the place below the field that it concerns."""
    if not nullable(field):
        yield "", "null"
    forms = [inner for form in variants(field) for inner in variants(form)]
    if {form.get("type") for form in forms} == {"number", "string"}:
        yield from _not_a_decimal(next(form for form in forms if form["type"] == "number"))
        return
    for form in forms:
        yield from WRONG[form["type"]](form)
        if required and form["type"] == "string":
            yield "", '""'


def _not_a_decimal(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in NOT_A_DECIMAL)
    if form.get("minimum", -1) >= 0 or form.get("exclusiveMinimum", -1) >= 0:
        yield from (("", wrong) for wrong in ("-1", '"-0.01"'))


def _not_an_integer(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in NOT_AN_INTEGER)
    yield from (("", str(int(form[bound]) + step)) for bound, step in (("minimum", -1), ("maximum", 1)))


def _not_a_boolean(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in ("1", "0", '"true"', '"yes"', "[]", "{}", "1.0"))


def _not_a_text(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in ("12", "1.5", "true", '["a"]', '{"a": 1}', _NUL, _SURROGATE))
    if "maxLength" in form:
        yield "", json.dumps("x" * (form["maxLength"] + 1))
    if "enum" in form or "const" in form or "pattern" in form or form.get("format") == "uuid":
        yield from (("", wrong) for wrong in ('"no such value"', '"!"'))
    impossible = {"date": NOT_A_DAY, "date-time": NOT_AN_INSTANT}.get(form.get("format", ""), ())
    yield from (("", json.dumps(value)) for value in impossible)


def _not_a_list(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in ("12", '"a"', "{}", "true"))
    yield "", f"[{', '.join(['[]'] * (form['maxItems'] + 1))}]"
    for below, wrong in _wrong(form["items"], required=True):
        yield f"/0{below}", f"[{wrong}]"


def _not_an_object(form: Schema) -> Iterator[tuple[str, str]]:
    yield from (("", wrong) for wrong in ("12", '"a"', "[]", "true", '{"a": "\\ud800"}'))
    if "properties" in form:
        for inner in mutations(resolved(form), {}):
            yield inner.pointer.removeprefix("#"), inner.body.decode()
    else:
        yield from (("", wrong) for wrong in ('{"a\\u0000b": 1}', '{"a": [{"b": "\\u0000"}]}', DEEP))


WRONG = {
    "integer": _not_an_integer,
    "boolean": _not_a_boolean,
    "string": _not_a_text,
    "array": _not_a_list,
    "object": _not_an_object,
}
