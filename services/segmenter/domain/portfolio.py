"""The whole: every per-customer figure of an account, from its rows. Read this file first.

The rules in the order they are applied: D1 D3 local days and visible rows (`facts`), C1 C2 T1-T7 money and orders
(`money`, `orders`), P1 status, N1 E1 L1 (`figures`); then, over the portfolio only (P2): R1-R4 S1 S2 S3 classes
(`classify_portfolio`), V1-V5 H1 Y1.
"""

from collections.abc import Iterable, Mapping

from services.segmenter.domain import abc, churn, pareto, potential, rfm
from services.segmenter.domain.facts import CustomerFacts, gather
from services.segmenter.domain.figures import CustomerFigures, measure_customer
from services.segmenter.domain.money import Converter
from services.segmenter.domain.ranking import rank
from services.segmenter.domain.rows import Account, Customer, ExchangeRate, Interaction, Survey, Transaction
from services.segmenter.domain.satisfaction import nps_class
from services.segmenter.domain.scores import CustomerScores, RelativeClasses
from services.segmenter.domain.status import in_portfolio
from shared.domain.money import from_minor
from shared.domain.thresholds import Settings


def score_account(
    account: Account,
    *,
    customers: Iterable[Customer],
    transactions: Iterable[Transaction],
    surveys: Iterable[Survey],
    interactions: Iterable[Interaction],
    fx: Iterable[ExchangeRate],
) -> dict[str, CustomerScores]:
    """The scores of every customer at the account's day, by id. Rows are valid (I7) and may come in any order.

    Raises `MissingRate` when a row is in a currency without an exchange rate.
    """
    converter = Converter(account.currency, fx)
    facts = gather(
        account,
        customers=customers,
        transactions=transactions,
        surveys=surveys,
        interactions=interactions,
        converter=converter,
    )
    figures = {
        customer: measure_customer(known, account.as_of, account.settings, converter)
        for customer, known in facts.items()
    }
    classes = classify_portfolio(figures, account.settings)
    return {
        customer: _scores(account, facts[customer], own, classes.get(customer, RelativeClasses()))
        for customer, own in figures.items()
    }


def classify_portfolio(figures: Mapping[str, CustomerFigures], settings: Settings) -> dict[str, RelativeClasses]:
    """The relative classes of the customers that are in the portfolio (P2); the others have none."""
    portfolio = {customer: own for customer, own in figures.items() if in_portfolio(own.status)}
    by_revenue = rank({customer: own.revenue for customer, own in portfolio.items()})
    by_margin = rank({customer: own.margin for customer, own in portfolio.items() if own.margin is not None})
    ranks = {customer: position for position, customer, _ in by_revenue.ranked()}
    sizes = pareto.classify(by_revenue, settings.pareto_top_pct)
    by_share = abc.by_cumulated_share(by_revenue, settings.abc_cum_pct)
    by_position = abc.by_rank(by_revenue, settings.abc_rank_pct)
    by_bands = abc.by_bands(by_revenue, settings.abc_bands)
    by_margin_share = abc.by_cumulated_share(by_margin, settings.abc_cum_pct)
    inputs = {
        customer: rfm.RfmInputs(own.recency_days or 0, own.orders, own.revenue) for customer, own in portfolio.items()
    }
    scores, scores_by_ntile = rfm.score_by_rank(inputs), rfm.score_by_ntile(inputs)
    return {
        customer: RelativeClasses(
            rank=ranks[customer],
            pareto=sizes[customer],
            abc_revenue=by_share[customer],
            abc_rank=by_position[customer],
            abc_bands=by_bands[customer],
            abc_margin=by_margin_share.get(customer),
            rfm=scores[customer],
            rfm_ntile=scores_by_ntile[customer],
        )
        for customer in portfolio
    }


def _scores(account: Account, facts: CustomerFacts, own: CustomerFigures, classes: RelativeClasses) -> CustomerScores:
    """Own figures and relative classes together; what only concerns the portfolio is None for anybody else."""
    left = potential.contribution(own.margin, own.cost_to_serve)
    return CustomerScores(
        status=own.status,
        first_purchase=own.first_purchase,
        last_purchase=own.last_purchase,
        recency_days=own.recency_days,
        orders=own.orders,
        revenue=from_minor(own.revenue, account.currency),
        margin=None if own.margin is None else from_minor(own.margin, account.currency),
        rank=classes.rank,
        pareto=classes.pareto,
        abc_revenue=classes.abc_revenue,
        abc_rank=classes.abc_rank,
        abc_bands=classes.abc_bands,
        abc_margin=classes.abc_margin,
        rfm=classes.rfm,
        rfm_ntile=classes.rfm_ntile,
        nps_score=own.nps,
        nps_class=None if own.nps is None else nps_class(own.nps),
        csat_last=own.csat,
        engagement=own.engagement,
        churn_risk=_churn_risk(account, facts, own) if in_portfolio(own.status) else None,
        dormant=own.status == "dormant",
        high_potential=_high_potential(account, own, classes.pareto),
        cost_to_serve=from_minor(own.cost_to_serve, account.currency),
        contribution=None if left is None else from_minor(left, account.currency),
        costly=left < 0 if left is not None and in_portfolio(own.status) else None,
        lead_score=own.lead.score,
        qualified=own.lead.qualified,
    )


def _churn_risk(account: Account, facts: CustomerFacts, own: CustomerFigures) -> churn.ChurnRisk:
    return churn.assess(
        facts.ledger,
        facts.touches,
        own.engagement,
        nps=own.nps,
        csat=own.csat,
        as_of=account.as_of,
        settings=account.settings.risk,
    )


def _high_potential(
    account: Account, own: CustomerFigures, size: pareto.ParetoClass | None
) -> potential.HighPotential | None:
    if size is None:
        return None
    return potential.assess(size, own.revenue, own.margin, own.potential, account.settings.high_potential)
