"""Every resource of the api, in the order of its documentation."""

from services.api import health
from services.api.customers.routes import routes as customers
from services.api.inbound_endpoints.routes import routes as inbound_endpoints
from services.api.interactions.routes import routes as interactions
from services.api.metadata.routes import routes as metadata
from services.api.scores.routes import of_customer as scores_of_customer
from services.api.scores.routes import routes as scores
from services.api.segments.routes import routes as segments
from services.api.transactions.routes import routes as transactions
from services.api.unsubscribe.routes import routes as unsubscribe
from services.api.webhooks.routes import routes as webhooks

ROUTERS = (
    customers,
    interactions,
    transactions,
    scores,
    scores_of_customer,
    metadata,
    inbound_endpoints,
    webhooks,
    unsubscribe,
    segments,
    health.routes,
)
