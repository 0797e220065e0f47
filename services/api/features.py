"""Every resource of the api, in the order of its documentation."""

from services.api import health
from services.api.alerts.routes import routes as alerts
from services.api.alerts.routes import rules as alert_rules
from services.api.api_keys.routes import routes as api_keys
from services.api.auth.routes import routes as auth
from services.api.changes.routes import routes as changes
from services.api.complaints.routes import routes as complaints
from services.api.consents.routes import routes as consents
from services.api.contacts.routes import routes as contacts
from services.api.contracts.routes import routes as contracts
from services.api.customers.routes import routes as customers
from services.api.decisions.routes import routes as decisions
from services.api.exchange_rates.routes import routes as exchange_rates
from services.api.imports.routes import routes as imports
from services.api.inbound_endpoints.routes import routes as inbound_endpoints
from services.api.interactions.routes import routes as interactions
from services.api.me.routes import routes as me
from services.api.messages.routes import routes as messages
from services.api.metadata.routes import routes as metadata
from services.api.notifications.routes import routes as notifications
from services.api.opportunities.routes import routes as opportunities
from services.api.products.routes import routes as products
from services.api.reminders.routes import routes as reminders
from services.api.reminders.routes import rules as reminder_rules
from services.api.scores.routes import of_customer as scores_of_customer
from services.api.scores.routes import routes as scores
from services.api.segments.routes import routes as segments
from services.api.sequences.routes import routes as sequences
from services.api.surveys.routes import routes as surveys
from services.api.tags.routes import routes as tags
from services.api.tasks.routes import routes as tasks
from services.api.teams.routes import routes as teams
from services.api.templates.routes import routes as templates
from services.api.transactions.routes import routes as transactions
from services.api.unsubscribe.routes import routes as unsubscribe
from services.api.users.routes import routes as users
from services.api.webhooks.routes import routes as webhooks
from services.api.workspace.routes import routes as workspace

ROUTERS = (
    customers,
    interactions,
    transactions,
    contacts,
    opportunities,
    contracts,
    complaints,
    surveys,
    tasks,
    consents,
    products,
    tags,
    exchange_rates,
    scores,
    scores_of_customer,
    metadata,
    auth,
    me,
    users,
    teams,
    api_keys,
    imports,
    inbound_endpoints,
    webhooks,
    unsubscribe,
    segments,
    templates,
    messages,
    notifications,
    decisions,
    sequences,
    reminder_rules,
    reminders,
    alert_rules,
    alerts,
    changes,
    workspace,
    health.routes,
)
