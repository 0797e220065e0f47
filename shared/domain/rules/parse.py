"""From react-querybuilder JSON to the typed tree, or every fault at once."""

from collections.abc import Mapping

from shared.domain.rules.combinators import Node, is_mixed, join, read_words
from shared.domain.rules.comparison import read_comparison
from shared.domain.rules.faults import RuleError, RuleFault, attempt, refusal
from shared.domain.rules.fields import FieldCatalogue
from shared.domain.rules.tree import Group

DEEPEST = 8
MOST_RULES = 200


def parse_rule(json: object, fields: FieldCatalogue) -> Group:
    """The tree of a react-querybuilder query. Raises one `RuleError` with all faults; those of size come alone.

    Accepts both forms: one `combinator` a group, or combinators between the rules (`and` binds tighter than `or`;
    `xor` mixed with another is refused). What is disabled or muted is left out, unread, and a group of which nothing
    remains is left out too. A group without rules matches everybody. Unknown keys such as id and path are ignored.
    """
    if not isinstance(json, Mapping):
        raise refusal("#", "not_an_object", "a query is a JSON object with rules")
    _check_size(json)
    return _group(json, "#", fields) or Group("and")


def _check_size(json: Mapping[str, object]) -> None:
    """Depth and number first, without recursion: refusing a hostile document must cost nothing."""
    waiting: list[tuple[object, str, int]] = [(json, "#", 1)]
    faults: list[RuleFault] = []
    rules = groups = 0
    while waiting and max(rules, groups) <= MOST_RULES:
        node, pointer, depth = waiting.pop()
        if not isinstance(node, Mapping) or _left_out(node):
            continue
        members = node.get("rules")
        if not isinstance(members, list):
            rules += 1
            continue
        groups += 1
        innermost = depth + is_mixed(members)
        if innermost > DEEPEST:
            faults.append(RuleFault(pointer, "too_deep", f"groups are nested at most {DEEPEST} deep"))
        else:
            waiting += [(member, f"{pointer}/rules/{at}", innermost + 1) for at, member in enumerate(members)]
    if max(rules, groups) > MOST_RULES:
        faults.append(RuleFault("#", "too_many_rules", f"a query has at most {MOST_RULES} rules and as many groups"))
    if faults:
        raise RuleError(tuple(sorted(faults, key=lambda fault: fault.pointer)))


def _group(json: Mapping[str, object], pointer: str, fields: FieldCatalogue) -> Group | None:
    """The group, or None when nothing remains of it. Raises `RuleError` with its own and its members' faults."""
    members = json.get("rules")
    if _left_out(json):
        return None
    if not isinstance(members, list):
        raise refusal(f"{pointer}/rules", "missing_rules", "a group has a list of rules")
    faults: list[RuleFault] = []
    words = attempt(faults, read_words, json, members, pointer)
    negated = attempt(faults, _negated, json, pointer)
    nodes = [
        attempt(faults, _node, member, f"{pointer}/rules/{at}", fields)
        for at, member in enumerate(members)
        if not isinstance(member, str)
    ]
    if faults or words is None:
        raise RuleError(tuple(faults))
    joined = join(nodes, words)
    return None if members and not joined.rules else Group(joined.combinator, joined.rules, bool(negated))


def _node(json: object, pointer: str, fields: FieldCatalogue) -> Node | None:
    if not isinstance(json, Mapping):
        raise refusal(pointer, "not_an_object", "a rule or a group is a JSON object")
    if "rules" in json:
        return _group(json, pointer, fields)
    return None if _left_out(json) else read_comparison(json, pointer, fields)


def _negated(json: Mapping[str, object], pointer: str) -> bool:
    negated = json.get("not")
    if not isinstance(negated, bool | None):
        raise refusal(f"{pointer}/not", "bad_not", "not is true or false")
    return negated is True


def _left_out(json: Mapping[str, object]) -> bool:
    return json.get("disabled") is True or json.get("muted") is True
