"""The operators: what value each one takes, which type of field it means something for, and its complement."""

from typing import Literal

FieldType = Literal["text", "number", "money", "boolean", "date", "instant", "enum", "list", "uuid"]
Arity = Literal["none", "one", "many", "two", "duration", "segments"]

ARITY: dict[str, Arity] = {
    "=": "one",
    "!=": "one",
    "<": "one",
    ">": "one",
    "<=": "one",
    ">=": "one",
    "contains": "one",
    "beginsWith": "one",
    "endsWith": "one",
    "doesNotContain": "one",
    "doesNotBeginWith": "one",
    "doesNotEndWith": "one",
    "null": "none",
    "notNull": "none",
    "in": "many",
    "notIn": "many",
    "between": "two",
    "notBetween": "two",
    "inLast": "duration",
    "notInLast": "duration",
    "inNext": "duration",
    "anniversaryInNext": "duration",
    "olderThan": "duration",
    "memberOf": "segments",
    "notMemberOf": "segments",
    "changedFrom": "many",
}

# Each negative operator and the positive one that it is the exact complement of.
COMPLEMENT_OF = {
    "!=": "=",
    "doesNotContain": "contains",
    "doesNotBeginWith": "beginsWith",
    "doesNotEndWith": "endsWith",
    "notNull": "null",
    "notIn": "in",
    "notBetween": "between",
    "notInLast": "inLast",
    "notMemberOf": "memberOf",
}

ORDERED = ("<", ">", "<=", ">=")
# What may stand against another field of the same kind instead of a value.
FIELD_TO_FIELD = frozenset({"=", "!=", *ORDERED})
# Operators whose answer moves with the calendar although no data changes.
RELATIVE_TO_TODAY = frozenset({"inLast", "notInLast", "inNext", "anniversaryInNext", "olderThan"})
MEMBERSHIP = ("memberOf", "notMemberOf")
EMPTINESS = ("null", "notNull")

_EQUALITY = ("=", "!=")
_LISTED = ("in", "notIn")
_RANGE = ("between", "notBetween")
_RELATIVE = ("inLast", "notInLast", "inNext", "olderThan", "anniversaryInNext")
_PARTS = ("contains", "beginsWith", "endsWith", "doesNotContain", "doesNotBeginWith", "doesNotEndWith")

# Offering `<` on a text or `contains` on a number would promise an answer that means nothing.
OPERATORS_OF: dict[FieldType, tuple[str, ...]] = {
    "text": (*_EQUALITY, *_PARTS, *_LISTED, *EMPTINESS),
    "number": (*_EQUALITY, *ORDERED, *_RANGE, *_LISTED, *EMPTINESS),
    "money": (*_EQUALITY, *ORDERED, *_RANGE, *_LISTED, *EMPTINESS),
    "boolean": (*_EQUALITY, *EMPTINESS),
    "date": (*_EQUALITY, *ORDERED, *_RANGE, *_LISTED, *_RELATIVE, *EMPTINESS),
    "instant": (*_EQUALITY, *ORDERED, *_RANGE, *_RELATIVE, *EMPTINESS),
    "enum": (*_EQUALITY, *_LISTED, *EMPTINESS),
    "list": ("contains", "doesNotContain", *_LISTED, *EMPTINESS),
    "uuid": (*_EQUALITY, *_LISTED, *EMPTINESS),
}
