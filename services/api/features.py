"""Every resource of the api, in the order of its documentation."""

from services.api import health
from services.api.customers.routes import routes as customers
from services.api.interactions.routes import routes as interactions

ROUTERS = (
    customers,
    interactions,
    health.routes,
)
