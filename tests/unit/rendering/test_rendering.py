"""A template prints what it may name, escapes it where it must, and is refused for everything else."""

import pytest

from shared.rendering import TemplateFault, render_html, render_text, unknown_variables, variables_of


def test_the_variables_of_a_template_are_those_it_reads_from_outside() -> None:
    source = "{% if customer.city %}{{ customer.city|upper }}{% endif %} {{ owner['email'] }}"

    assert variables_of(source) == {"customer.city", "owner.email"}


@pytest.mark.parametrize("source", ["{{ customer.nmae }}", "{{ customer }}", "{{ config.secret }}", "{{ owner[x] }}"])
def test_what_nobody_will_fill_is_named(source: str) -> None:
    assert unknown_variables(source) != ()


def test_known_variables_are_accepted() -> None:
    assert unknown_variables("{{ customer.name }} {{ workspace.name }} {{ owner.email }} {{ unsubscribe_url }}") == ()


def test_a_template_that_cannot_be_read_says_where() -> None:
    with pytest.raises(TemplateFault, match="line 2"):
        variables_of("Bonjour\n{{ customer.name")


@pytest.mark.parametrize(
    "source", ["{{ " + "(" * 300 + "1" + ")" * 300 + " }}", "{% if 1 %}" * 400 + "{% endif %}" * 400]
)
def test_a_template_that_is_nested_too_deep_is_told_so(source: str) -> None:
    with pytest.raises(TemplateFault, match="nested too deep"):
        variables_of(source)


def test_html_is_escaped_and_plain_text_is_not() -> None:
    values = {"customer": {"name": "Durand & <fils>"}}

    assert render_html("{{ customer.name }}", values) == "Durand &amp; &lt;fils&gt;"
    assert render_text("{{ customer.name }}", values) == "Durand & <fils>"


def test_a_value_that_is_not_known_prints_nothing_and_a_name_that_is_not_known_prints_no_text_at_all() -> None:
    assert render_text("Tél. {{ customer.phone }}", {"customer": {"phone": None}}) == "Tél. "
    with pytest.raises(TemplateFault):
        render_text("Tél. {{ customer.mobile }}", {"customer": {"phone": None}})


@pytest.mark.parametrize(
    "source",
    [
        "{{ customer.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ 1 / 0 }}",
        "{% for x in range(10000000) %}x{% endfor %}",
        "{% include 'other' %}",
        "{{ 'x' * 300000 }}",
    ],
)
def test_the_sandbox_ends_what_a_letter_has_no_use_for(source: str) -> None:
    with pytest.raises(TemplateFault):
        render_text(source, {"customer": {}})
