"""How the tests of this folder ask one rule of one record, on Tuesday 31 March 2026 at noon in Paris."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.evaluate import RuleTrace, explain, matches
from shared.domain.rules.faults import RuleError
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.tree import Group

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 31)
CATALOGUE = standard_catalogue()


def comparison(field: str, operator: str, value: object = None, **more: object) -> dict[str, object]:
    return {"field": field, "operator": operator, "value": value, **more}


def query(*rules: object, combinator: str = "and", negated: bool = False, **more: object) -> dict[str, object]:
    return {"combinator": combinator, "rules": list(rules), "not": negated, **more}


def parsed(*rules: object, combinator: str = "and", negated: bool = False, **more: object) -> Group:
    return parse_rule(query(*rules, combinator=combinator, negated=negated, **more), CATALOGUE)


def is_member(group: Group, record: Mapping[str, object], today: date = TODAY) -> bool:
    return matches(group, record, today, NOW, PARIS)


def traced(group: Group, record: Mapping[str, object]) -> tuple[RuleTrace, ...]:
    return explain(group, record, TODAY, NOW, PARIS)


def says(record: Mapping[str, object], field: str, operator: str, value: object = None, **more: object) -> bool:
    """The answer of one rule for one record."""
    return is_member(parsed(comparison(field, operator, value, **more)), record)


def faults_of(json: object) -> list[tuple[str, str]]:
    """Where and which, for every fault of a query that must be refused."""
    try:
        parse_rule(json, CATALOGUE)
    except RuleError as error:
        return [(fault.pointer, fault.code) for fault in error.faults]
    return []
