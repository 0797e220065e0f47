"""Laws that hold for every rule and every record."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.rules.operators import ARITY, COMPLEMENT_OF
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.render import render_rule
from shared.domain.rules.tree import Group, Rule
from tests.unit.rules.asking import CATALOGUE, TODAY, comparison, faults_of, is_member, parsed

FEW = settings(max_examples=60, deadline=None)

words = st.sampled_from(["Lyon", "lyon", "LYÓN", "Nîmes", "a,b", "l", "%"])
numbers = st.decimals(min_value=-5, max_value=5, places=1)
days = st.integers(-400, 400).map(lambda offset: TODAY + timedelta(days=offset))
instants = st.integers(-10_000, 10_000).map(lambda hours: datetime(2026, 3, 31, tzinfo=UTC) + timedelta(hours=hours))
durations = st.sampled_from(["P1D", "P30D", "P1M", "P1Y"])

SCALARS: dict[str, st.SearchStrategy[object]] = {
    "address.city": words,
    "scores.revenue": numbers.map(str),
    "scores.costly": st.booleans(),
    "scores.last_purchase": days.map(str),
    "created_at": st.one_of(days.map(str), instants.map(str)),
    "scores.status": st.sampled_from(["active", "lost", "prospect"]),
    "tags": words,
    "segments": words,
}
records = st.fixed_dictionaries(
    {},
    optional={
        "address.city": st.none() | words | st.just(""),
        "scores.revenue": st.none() | numbers,
        "scores.costly": st.none() | st.booleans(),
        "scores.last_purchase": st.none() | days,
        "created_at": instants,
        "scores.status": st.none() | st.sampled_from(["active", "lost"]),
        "previous.scores.status": st.none() | st.sampled_from(["active", "lost"]),
        "tags": st.none() | st.lists(words, max_size=2),
        "segments": st.lists(words, max_size=2),
    },
)


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, object]:
    name = draw(st.sampled_from(sorted(SCALARS)))
    field = CATALOGUE.get(name)
    assert field is not None
    operator = draw(st.sampled_from(field.operators))
    scalar = SCALARS[name]
    match ARITY[operator]:
        case "none":
            return comparison(name, operator)
        case "duration":
            return comparison(name, operator, draw(durations))
        case "many" | "segments":
            return comparison(name, operator, draw(st.lists(scalar, min_size=1, max_size=3)))
        case "two":
            low, high = (
                sorted([draw(numbers), draw(numbers)]) if name == "scores.revenue" else sorted([draw(days), draw(days)])
            )
            return comparison(name, operator, [str(low), str(high)])
        case _:
            return comparison(name, operator, draw(scalar))


trees = st.recursive(
    comparisons(),
    lambda nodes: st.fixed_dictionaries(
        {
            "combinator": st.sampled_from(["and", "or", "xor"]),
            "rules": st.lists(nodes, max_size=3),
            "not": st.booleans(),
        }
    ),
    max_leaves=6,
)


@FEW
@given(comparisons(), records)
def test_a_negative_operator_is_the_complement_of_its_positive_twin(
    rule: dict[str, object], record: dict[str, object]
) -> None:
    twins = {**COMPLEMENT_OF, **{positive: negative for negative, positive in COMPLEMENT_OF.items()}}
    twin = twins.get(str(rule["operator"]))
    if twin is not None:
        assert is_member(parsed(rule), record) is not is_member(parsed({**rule, "operator": twin}), record)


@FEW
@given(trees, trees, records)
def test_de_morgan(one: dict[str, object], other: dict[str, object], record: dict[str, object]) -> None:
    neither = parsed(one, other, combinator="or", negated=True)
    negations = [Group("and", parsed(node).rules, negated=True) for node in (one, other)]
    assert is_member(neither, record) is is_member(Group("and", tuple(negations)), record)


@FEW
@given(trees)
def test_a_tree_survives_the_round_trip_through_json(tree: dict[str, object]) -> None:
    group = parsed(tree)
    assert parse_rule(render_rule(group), CATALOGUE) == group


@FEW
@given(trees, records)
def test_a_rule_between_words_means_the_same_as_the_groups_it_stands_for(
    tree: dict[str, object], record: dict[str, object]
) -> None:
    spoken = parse_rule({"rules": [tree, "and", tree, "or", tree]}, CATALOGUE)
    assert is_member(spoken, record) is is_member(parsed(tree), record)


@FEW
@given(days, st.integers(1, 800))
def test_the_last_and_the_next_days_are_as_many_and_meet_today_only(day: date, length: int) -> None:
    rules = [parsed(comparison("birth_date", operator, f"P{length}D")) for operator in ("inLast", "inNext")]
    last, following = (is_member(rule, {"birth_date": day}) for rule in rules)
    assert last is (0 <= (TODAY - day).days < length)
    assert following is (0 <= (day - TODAY).days < length)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@FEW
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "field": anything | st.sampled_from(["name", "employees", "created_at", "custom_fields.x", "segments"]),
            "operator": anything | st.sampled_from(sorted(ARITY)),
            "value": anything,
            "valueSource": anything | st.just("field"),
            "rules": anything,
            "not": anything,
            "combinator": anything | st.just("or"),
        },
    )
)
def test_whatever_the_json_the_answer_is_a_tree_or_a_refusal_with_its_place(json: dict[str, object]) -> None:
    for document in (json, {"combinator": "and", "rules": [json, json]}):
        assert all(pointer.startswith("#") and code for pointer, code in faults_of(document))


def test_rendering_writes_amounts_as_text_and_lists_as_arrays() -> None:
    group = Group("or", (Rule("scores.revenue", "between", (Decimal("1E+3"), Decimal("2000.50"))),), negated=True)
    assert render_rule(group) == {
        "combinator": "or",
        "rules": [{"field": "scores.revenue", "operator": "between", "value": ["1000", "2000.50"]}],
        "not": True,
    }
