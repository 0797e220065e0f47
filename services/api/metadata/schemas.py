"""A field as react-querybuilder takes it, with a few members of our own."""

# ruff: noqa: N815 - the builder's own names, which its users know.

from typing import Literal

from pydantic import Field as Documented

from services.api.schemas import View

InputType = Literal["text", "number", "date", "datetime-local"]
Editor = Literal["text", "select", "checkbox", "multiselect"]
Type = Literal["text", "number", "money", "boolean", "date", "instant", "enum", "list", "uuid"]


class Option(View):
    """One choice: `name` is what a rule says, `label` what people read."""

    name: str
    label: str


class Field(View):
    """One field that a rule may name. Relative operators take an ISO 8601 duration, such as P30D."""

    name: str = Documented(examples=["scores.rfm.segment"])
    label: str
    group: str
    type: Type
    inputType: InputType | None = Documented(description="Null where the editor is no text input")
    valueEditorType: Editor
    operators: list[Option]
    values: list[Option] | None = Documented(description="Null where any value may be given")
    defaultOperator: str
    valueSources: list[Literal["value", "field"]]
    nullable: bool
    unit: str | None = Documented(description="days, percent, points or currency")
    indexed: bool = Documented(description="Whether a rule on it alone is answered without reading every customer")
    description: str | None = Documented(description="The rule of the definitions behind a score")
