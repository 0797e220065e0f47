""".env.example and shared.settings tell the same story."""

import re

from pydantic_settings import BaseSettings

from shared.settings import Settings
from tests.architecture.repository import ROOT

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
# A line that is commented out still documents its setting.
ASSIGNMENT = re.compile(r"^#?(PORTEFEUILLE_[A-Z0-9_]+)=(.*)$", re.MULTILINE)


def variables_of(settings: type[BaseSettings]) -> set[str]:
    prefix = settings.model_config.get("env_prefix", "")
    return {f"{prefix}{name}".upper() for name in settings.model_fields}


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    documented = [name for name, _ in ASSIGNMENT.findall(EXAMPLE)]

    assert sorted(documented) == sorted(variables_of(Settings))


def test_the_example_is_valid_as_it_stands() -> None:
    values = {name.removeprefix("PORTEFEUILLE_").lower(): value for name, value in ASSIGNMENT.findall(EXAMPLE)}

    settings = Settings.model_validate(values)

    assert settings.default_currency == "EUR"


def test_a_default_is_documented_with_its_true_value() -> None:
    documented = dict(ASSIGNMENT.findall(EXAMPLE))
    untrue = {
        name: documented[variable]
        for name, field in Settings.model_fields.items()
        if isinstance(field.default, str | int)
        and documented[variable := f"PORTEFEUILLE_{name.upper()}"] != str(field.default)
    }
    assert untrue == {}
