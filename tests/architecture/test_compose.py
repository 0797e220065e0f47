"""The containers can start: every command, setting, volume and health check is real. No Docker is needed to know it."""

import re
from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from shared.settings import Settings
from tests.architecture.repository import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")

OURS = {"migrate", "api", "import-worker", "segmenter", "scheduler"}
ONE_SHOT = {"migrate"}


def test_all_processes_and_the_engines_are_there() -> None:
    assert set(SERVICES) == OURS | {"postgres", "nats", "mailpit"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_an_image_and_only_known_keys(name: str) -> None:
    known = {
        "image", "build", "command", "environment", "ports", "volumes", "depends_on", "healthcheck", "restart", "init",
        "stop_grace_period",
    }  # fmt: skip
    service = SERVICES[name]

    assert service["image"]
    assert set(service) <= known


@pytest.mark.parametrize("name", sorted(OURS - ONE_SHOT))
def test_a_process_runs_a_module_that_exists(name: str) -> None:
    python, flag, module = SERVICES[name]["command"]

    assert (python, flag) == ("python", "-m")
    assert find_spec(f"{module}.__main__") is not None


def test_migrations_run_once_through_the_command_line() -> None:
    assert SERVICES["migrate"]["command"] == ["portefeuille", "migrate"]
    assert SERVICES["migrate"]["restart"] == "no"
    assert find_spec("services.cli.__main__") is not None


def test_the_image_starts_a_module_that_exists() -> None:
    command = re.search(r'^CMD \["python", "-m", "([\w.]+)"\]$', DOCKERFILE, re.MULTILINE)

    assert command is not None
    assert find_spec(command[1]) is not None


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_every_long_running_service_tells_its_health_and_comes_back(name: str) -> None:
    health = SERVICES[name]["healthcheck"]

    assert health["test"][0] == "CMD"
    assert {"interval", "timeout", "retries"} <= set(health)
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_waits_for_conditions_not_for_seconds(name: str) -> None:
    waits = SERVICES[name]["depends_on"]
    for other, wait in waits.items():
        expected = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert wait == {"condition": expected}
    assert "sleep" not in str(SERVICES[name].get("command"))


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_process_is_given_only_settings_that_exist(name: str) -> None:
    variables = set(SERVICES[name]["environment"])

    assert variables <= {f"PORTEFEUILLE_{field.upper()}" for field in Settings.model_fields}
    assert {"PORTEFEUILLE_DATABASE_URL", "PORTEFEUILLE_NATS_URL", "PORTEFEUILLE_SECRET_KEY"} <= variables


def test_every_variable_asked_from_the_outside_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    assert {name for name in asked if not re.search(rf"^#?{name}=", example, re.MULTILINE)} == set()


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|DATABASE_URL", variable):
                assert ":?" in value, f"{variable} must be demanded from the environment"


def test_ports_are_published_on_loopback_only() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}

    assert published == {"127.0.0.1:8000:8000", "127.0.0.1:8025:8025"}


def test_data_outlives_its_container() -> None:
    mounted = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}

    assert mounted == set(COMPOSE["volumes"])
    assert {"postgres", "nats"} <= mounted


def test_the_image_is_one_for_all_and_runs_without_privileges() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {"portefeuille"}
    assert re.search(r"^FROM python:3\.11-slim$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^USER portefeuille$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE
