"""The import contracts of pyproject.toml forget nothing."""

import re
import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.architecture.repository import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = PYPROJECT["tool"]["importlinter"]["contracts"]


def normalised(requirement: str) -> str:
    name = re.split(r"[\[~=<>;! ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_there_are_the_seven_contracts_of_the_architecture() -> None:
    assert [contract["name"].split(".")[0] for contract in CONTRACTS] == list("1234567")


def test_a_domain_is_forbidden_every_package_the_project_depends_on() -> None:
    required = {normalised(requirement) for requirement in PYPROJECT["project"]["dependencies"]}
    importable = {
        package
        for package, distributions in packages_distributions().items()
        if required & {normalised(name) for name in distributions} and package.isidentifier()
    }
    ours = {package for package in importable if not package.startswith("_")}

    assert ours - set(CONTRACTS[2]["forbidden_modules"]) == set()
