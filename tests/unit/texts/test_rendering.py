"""What users may write to their customers, and what they may not."""

import pytest

from shared.rendering import TemplateFault, render_html, render_text, unknown_variables

VALUES = {
    "customer": {"name": "Durand & fils", "city": None},
    "owner": {"name": "Alix"},
    "workspace": {"name": "Acme"},
    "unsubscribe_url": "https://acme.example/u/1",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Bonjour {{ customer.name }},\n", "Bonjour Durand & fils,\n"),
        ("{{customer.city}}", ""),
        ("{{ customer.city or 'votre ville' }}", "votre ville"),
        ("{% if customer.city %}à {{ customer.city }}{% else %}chez vous{% endif %}", "chez vous"),
        ("{{ owner.name|upper }} · {{ workspace['name'] }}", "ALIX · Acme"),
        ("{{ unsubscribe_url }}", "https://acme.example/u/1"),
        ("sans rien", "sans rien"),
    ],
)
def test_placeholders_conditions_and_filters_are_filled_in(template: str, text: str) -> None:
    assert unknown_variables(template) == ()
    assert render_text(template, VALUES) == text


def test_in_html_values_are_escaped_and_the_template_is_not() -> None:
    assert render_html("<b>{{ customer.name }}</b>", VALUES) == "<b>Durand &amp; fils</b>"


@pytest.mark.parametrize(
    ("template", "unknown"),
    [
        ("{{ customer.first_name }} {{ customer.name }}", ("customer.first_name",)),
        ("{{ customer }}", ("customer",)),
        ("{% if client.name %}{{ mood }}{% endif %}", ("client.name", "mood")),
        ("{{ customer.__class__ }}", ("customer.__class__",)),
        ("{{ customer[owner.name] }}", ("customer.*",)),
    ],
)
def test_a_variable_that_nobody_will_fill_is_named(template: str, unknown: tuple[str, ...]) -> None:
    assert unknown_variables(template) == unknown


@pytest.mark.parametrize(
    "template",
    [
        "{{ customer.name", "{% if customer.name %}", "{{ customer.name|nosuch }}", "{{ 'a' * 1000000000 }}",
        "{% for a in customer.name %}x{% endfor %}", "{{ customer.name() }}", "{% set a = 'x' %}", "{{ 9 ** 9 }}",
        "{% include 'x' %}", "{{ 'a'|replace('a', 'aa') }}", "{% macro m() %}{% endmacro %}",
    ],
)  # fmt: skip
def test_wrong_syntax_and_whatever_could_run_away_is_refused(template: str) -> None:
    with pytest.raises(TemplateFault):
        unknown_variables(template)
