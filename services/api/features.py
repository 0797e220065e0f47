"""Every resource of the api, in the order of its documentation."""

from services.api import health
from services.api.customers.routes import routes as customers
from services.api.interactions.routes import routes as interactions
from services.api.metadata.routes import routes as metadata
from services.api.scores.routes import of_customer as scores_of_customer
from services.api.scores.routes import routes as scores
from services.api.transactions.routes import routes as transactions

ROUTERS = (
    customers,
    interactions,
    transactions,
    scores,
    scores_of_customer,
    metadata,
    health.routes,
)
