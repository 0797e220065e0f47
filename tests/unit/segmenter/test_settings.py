"""Default thresholds and an account's own (§14)."""

from decimal import Decimal

import pytest

from services.segmenter.domain.rows import Customer
from shared.domain.overrides import InvalidSettings
from shared.domain.thresholds import Settings
from tests.unit.segmenter.account import sale, score_of


def test_without_overrides_the_defaults_hold() -> None:
    assert Settings.from_mapping({}) == Settings()
    assert (Settings().window_months, Settings().abc_cum_pct, Settings().risk.nps) == (12, (80, 95), 6)


def test_overrides_are_nested_and_leave_the_rest_alone() -> None:
    settings = Settings.from_mapping({"dormant_days": 90, "abc_cum_pct": [70, 90], "risk": {"delivered": 3}})
    assert (settings.dormant_days, settings.abc_cum_pct, settings.risk.delivered) == (90, (70, 90), 3)
    assert settings.risk.complaints == 2
    assert Settings() == Settings.from_mapping({})


def test_all_faults_are_named_with_their_place() -> None:
    overrides = {
        "window_months": 0,
        "pareto_top_pct": "20",
        "abc_cum_pct": [95, 80],
        "abc_rank_pct": [20],
        "abc_bands": {"a_size": [10, 120]},
        "risk": {"nps": True, "moon": 1},
        "lead": 50,
        "colour": "red",
    }
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_mapping(overrides)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("#/window_months", "out_of_range"),
        ("#/pareto_top_pct", "bad_number"),
        ("#/abc_cum_pct", "bad_order"),
        ("#/abc_rank_pct", "bad_pair"),
        ("#/abc_bands/a_size/1", "out_of_range"),
        ("#/risk/nps", "bad_number"),
        ("#/risk/moon", "unknown_setting"),
        ("#/lead", "bad_object"),
        ("#/colour", "unknown_setting"),
    ]


@pytest.mark.parametrize(
    ("overrides", "pointer"),
    [
        ({"abc_bands": {"a_reach": 95}}, "#/abc_bands/ab_reach"),
        ({"concentration": {"moderate_from": 2000}}, "#/concentration/high_above"),
        ({"lead": {"minimum": 101}}, "#/lead/maximum"),
    ],
)
def test_settings_that_contradict_one_another_are_refused(overrides: dict[str, object], pointer: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_mapping(overrides)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [(pointer, "bad_order")]


def test_an_accounts_own_thresholds_are_used() -> None:
    settings = Settings.from_mapping({"dormant_days": 10, "lead": {"threshold": 5, "maximum": 60}})
    client = score_of("c", sale("c", "1", "2026-03-01"), settings=settings)
    assert client.status == "dormant"
    lead = score_of("p", Customer("p", lead_fit=80), settings=settings)
    assert (lead.lead_score, lead.qualified) == (Decimal(60), True)
