"""The one row a rule is asked about: a customer with its metrics and its scores."""

from uuid import UUID

from sqlalchemy import ColumnElement, Join, Select, and_, outerjoin, select

from shared.domain.rules.tree import Group
from shared.domain.rules.viewpoint import Viewpoint
from shared.models.customers import Customer
from shared.models.scores import CustomerMetrics, CustomerScores
from shared.rules.compile import condition


def joined() -> Join:
    """Customer, metrics and scores. A customer nobody computed yet has no figures."""
    metrics = and_(CustomerMetrics.workspace_id == Customer.workspace_id, CustomerMetrics.customer_id == Customer.id)
    scores = and_(CustomerScores.workspace_id == Customer.workspace_id, CustomerScores.customer_id == Customer.id)
    return outerjoin(outerjoin(Customer, CustomerMetrics, metrics), CustomerScores, scores)


def present(workspace_id: UUID) -> ColumnElement[bool]:
    """The customers of a workspace that are not deleted."""
    return and_(Customer.workspace_id == workspace_id, Customer.deleted_at.is_(None))


def customers_matching(rule: Group, workspace_id: UUID, view: Viewpoint) -> Select[UUID]:
    """The ids of the customers that satisfy a rule. Add an order, a limit or a scope as you need."""
    return select(Customer.id).select_from(joined()).where(present(workspace_id), condition(rule, view))
