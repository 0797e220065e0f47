"""Texts with placeholders: Jinja2 in a sandbox. What a template may name is fixed; anything else is refused or raises.

Allowed are `customer.*`, `owner.*`, `workspace.*` (see `VARIABLES`) and `unsubscribe_url`. A template has placeholders,
conditions and the filters of `FILTERS`; loops, calls and arithmetic are refused, so that filling one in takes time and
room in proportion to its length. Loading Jinja2 costs memory, so it happens at the first use.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

# ruff: noqa: PLC0415 - importing Jinja2 costs memory that only processes which render anything should pay.

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_LENGTH: Final = 200_000

VARIABLES: Final = frozenset(
    {
        *(f"customer.{name}" for name in (
            "id", "external_id", "kind", "name", "email", "phone", "city", "country", "postal_code", "region",
            "language", "sector", "birth_date", "siren",
        )),
        *(f"owner.{name}" for name in ("id", "name", "email")),
        *(f"workspace.{name}" for name in ("id", "name", "currency", "timezone")),
        "unsubscribe_url",
    }
)  # fmt: skip
"""Every variable with a value at rendering time; the value itself may be empty."""

FILTERS: Final = frozenset({"capitalize", "d", "default", "e", "escape", "lower", "title", "trim", "truncate", "upper"})


class TemplateFault(ValueError):
    """The template cannot be read, or names something that has no value. The message is for its author."""


def variables_of(source: str) -> frozenset[str]:
    """The dotted names that a template reads from outside.

    Raises TemplateFault when it cannot be parsed, or does more than fill in a letter.
    """
    from jinja2 import TemplateSyntaxError, meta

    try:
        tree = _environment(html=False).parse(source)
    except TemplateSyntaxError as error:
        raise TemplateFault(f"line {error.lineno}: {error.message}") from error
    except RecursionError as error:
        raise TemplateFault("it is nested too deep") from error
    _refuse_what_is_not_offered(tree)
    outside = meta.find_undeclared_variables(tree)
    return frozenset(_dotted_names(tree, outside))


def unknown_variables(source: str) -> tuple[str, ...]:
    """What a template names and nobody will fill, sorted. Raises TemplateFault when it cannot be parsed."""
    return tuple(sorted(variables_of(source) - VARIABLES))


def render_text(source: str, values: Mapping[str, Any]) -> str:
    """Plain text. Raises TemplateFault for anything unknown, forbidden or broken; prints no hole."""
    return _render(source, values, html=False)


def render_html(source: str, values: Mapping[str, Any]) -> str:
    """HTML: values are escaped."""
    return _render(source, values, html=True)


def _render(source: str, values: Mapping[str, Any], *, html: bool) -> str:
    from jinja2 import TemplateError

    try:
        rendered = _environment(html=html).from_string(source).render(values)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, MemoryError) as error:
        raise TemplateFault(f"{type(error).__name__}: {error}"[:500]) from error
    if len(rendered) > MAX_LENGTH:
        raise TemplateFault(f"the text has more than {MAX_LENGTH} characters")
    return rendered


@cache
def _environment(*, html: bool) -> "ImmutableSandboxedEnvironment":
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, keep_trailing_newline=True, finalize=_nothing_for_none
    )


def _refuse_what_is_not_offered(tree: "nodes.Template") -> None:
    """`'a' * 10 ** 9` is no letter. Whatever could outgrow its own source is absent from this list."""
    from jinja2 import nodes

    offered = (nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Filter,
               nodes.Keyword, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
               nodes.Concat)  # fmt: skip
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, offered):
            raise TemplateFault(f"line {node.lineno}: {type(node).__name__.lower()} is not available here")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise TemplateFault(f"line {node.lineno}: there is no filter {node.name[:40]}")


def _nothing_for_none(value: object) -> object:
    """An unknown phone number prints as nothing, never as the word None."""
    return "" if value is None else value


def _dotted_names(tree: "nodes.Template", outside: set[str]) -> set[str]:
    """`customer.name` for an attribute or a constant key of an outside variable, the bare name otherwise."""
    from jinja2 import nodes

    accesses: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    owners = [(node, node.node) for node in accesses if isinstance(node.node, nodes.Name) and node.node.name in outside]
    qualified = {id(owner) for _, owner in owners}
    whole = (node for node in tree.find_all(nodes.Name) if node.name in outside and id(node) not in qualified)
    return {f"{owner.name}.{_attribute(node)}" for node, owner in owners} | {node.name for node in whole}


def _attribute(node: "nodes.Getattr | nodes.Getitem") -> str:
    from jinja2 import nodes

    if isinstance(node, nodes.Getattr):
        return node.attr
    return str(node.arg.value) if isinstance(node.arg, nodes.Const) else "*"
