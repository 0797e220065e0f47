"""How the members of a group are joined: one combinator for all, or a word between every two of them."""

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from shared.domain.rules.faults import refusal
from shared.domain.rules.tree import Combinator, Group, Rule

Node = Rule | Group
COMBINATORS = ("and", "or", "xor")


def is_mixed(members: Sequence[object]) -> bool:
    """Whether joining these members makes groups inside the group: `a and b or c`."""
    return {"and", "or"} <= {member for member in members if isinstance(member, str)}


def read_words(json: Mapping[str, object], members: Sequence[object], pointer: str) -> tuple[Combinator, ...]:
    """The one combinator of the group, or the words between its members. Raises `RuleError`.

    `and` binds tighter than `or`; `xor` mixed with another is ambiguous, and so is a stated combinator that the
    words contradict. A group of less than two members needs no combinator.
    """
    stated = json.get("combinator")
    if not any(isinstance(member, str) for member in members):
        stated = "and" if stated is None and len(members) < 2 else stated
        if not _is_combinator(stated):
            raise refusal(f"{pointer}/combinator", "bad_combinator", "the combinator is one of and, or, xor")
        return (stated,)
    words = tuple(member for member in members[1::2] if _is_combinator(member))
    if len(members) != 2 * len(words) + 1 or any(isinstance(member, str) for member in members[::2]):
        raise refusal(f"{pointer}/rules", "bad_combinator", "and, or, xor must stand between every two rules")
    if (len(set(words)) > 1 and ("xor" in words or stated is not None)) or stated not in (None, *words):
        raise refusal(f"{pointer}/rules", "ambiguous_combinators", "use groups to say which rules belong together")
    return words


def join(nodes: Sequence[Node | None], words: Sequence[Combinator]) -> Group:
    """The group that one word, or these words, make of these nodes. A node that is None is left out with its word."""
    if len(set(words)) == 1:
        return Group(words[0], tuple(node for node in nodes if node is not None))
    runs: list[list[Node]] = [[]]
    for word, node in zip(("and", *words), nodes, strict=True):
        if word == "or":
            runs.append([])
        if node is not None:
            runs[-1].append(node)
    return Group("or", tuple(run[0] if len(run) == 1 else Group("and", tuple(run)) for run in runs if run))


def _is_combinator(json: object) -> TypeGuard[Combinator]:
    return isinstance(json, str) and json in COMBINATORS
