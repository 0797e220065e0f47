"""Row-level security for the api's role, the functions it may call across workspaces, and the first partitions.

A forgotten WHERE in the api then shows nothing of another workspace. The other services connect as the owner.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# workspace has its own policy below.
TABLES = [
    "team",
    "user_account",
    "api_key",
    "product",
    "exchange_rate",
    "idempotency_key",
    "customer",
    "contact",
    "tag",
    "interaction",
    "transaction",
    "opportunity",
    "contract",
    "complaint",
    "survey_response",
    "consent",
    "segment",
    "segment_membership",
    "segment_membership_history",
    "customer_metrics",
    "customer_scores",
    "score_history",
    "stale_customer",
    "ranking_state",
    "sequence",
    "sequence_version",
    "enrollment",
    "due_action",
    "decision",
    "template",
    "message",
    "inbound_endpoint",
    "message_event",
    "suppression",
    "reminder_rule",
    "reminder",
    "alert_rule",
    "alert_observation",
    "alert",
    "task",
    "notification",
    "import",
    "import_chunk",
    "import_error",
    "import_customer_row",
    "import_transaction_row",
    "import_interaction_row",
    "import_opportunity_row",
    "outbox",
    "dead_letter",
    "job_run",
]

CURRENT_WORKSPACE = "nullif(current_setting('app.workspace_id', true), '')::uuid"

PARTITIONED = {"decision": "occurs_on", "message_event": "occurred_at", "job_run": "scheduled_for"}

FUNCTIONS = (
    # The one clock. Runs with the owner's rights: the api asks before a workspace is entered, too.
    """
    create function workspace_now(workspace uuid) returns timestamptz
    language sql stable security definer set search_path = public
    return (select now() + w.clock_offset from workspace w where w.id = workspace)
    """,
    # Who a bearer credential is. The hash is the secret: nobody can list with it.
    """
    create function authenticate(given_hash bytea)
    returns table (key_id uuid, workspace_id uuid, user_id uuid, role text, scopes text[], team_id uuid, language text,
                   expires_at timestamptz)
    language sql stable security definer set search_path = public
    as $$
        select k.id, k.workspace_id, k.user_id, coalesce(u.role, k.role), k.scopes, u.team_id,
               coalesce(u.language, w.language), k.expires_at
          from api_key k
          join workspace w on w.id = k.workspace_id
          left join user_account u on u.workspace_id = k.workspace_id and u.id = k.user_id
         where k.key_hash = given_hash
           and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > now())
           and (k.user_id is null or u.active)
    $$
    """,
    # The accounts that an e-mail may log in to; the caller checks the password.
    """
    create function find_logins(given_email text)
    returns table (workspace_id uuid, workspace_name text, user_id uuid, role text, password_hash text)
    language sql stable security definer set search_path = public
    as $$
        select u.workspace_id, w.name, u.id, u.role, u.password_hash
          from user_account u join workspace w on w.id = u.workspace_id
         where lower(u.email) = lower(given_email) and u.active and u.password_hash is not null
         order by w.created_at
    $$
    """,
    """
    create function find_inbound_endpoint(endpoint_id uuid)
    returns table (workspace_id uuid, provider text, secret bytea)
    language sql stable security definer set search_path = public
    as $$
        select e.workspace_id, e.provider, e.secret from inbound_endpoint e where e.id = endpoint_id and e.active
    $$
    """,
)

# The api remembers credentials it has checked; a change of one is told to every process at once.
CREDENTIALS_CHANGED = """
create function credentials_changed() returns trigger
language plpgsql as $$ begin perform pg_notify('credentials', ''); return null; end $$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for parent in PARTITIONED:
        op.execute(f"create table {parent}_default partition of {parent} default")
    for function in (*FUNCTIONS, CREDENTIALS_CHANGED):
        op.execute(function)
    for table in ("api_key", "user_account", "team", "workspace"):
        op.execute(
            f"create trigger credentials_changed after update or delete on {table}"
            " for each statement execute function credentials_changed()"
        )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy of_workspace on {table} using (workspace_id = {CURRENT_WORKSPACE})")
    op.execute("alter table workspace enable row level security")
    op.execute(f"create policy of_workspace on workspace using (id = {CURRENT_WORKSPACE})")
    op.execute("grant usage on schema public to portefeuille_api")
    op.execute("grant select, insert, update, delete on all tables in schema public to portefeuille_api")
    op.execute("grant usage on all sequences in schema public to portefeuille_api")
    # Partitions are reached through their parents only, where the policies are.
    for parent in PARTITIONED:
        op.execute(f"revoke all on {parent}_default from portefeuille_api")
    op.execute("revoke all on alembic_version from portefeuille_api")
    op.execute("grant select on alembic_version to portefeuille_api")


def downgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    op.execute("revoke all on all tables in schema public from portefeuille_api")
    op.execute("revoke all on all sequences in schema public from portefeuille_api")
    op.execute("revoke usage on schema public from portefeuille_api")
    for table in (*TABLES, "workspace"):
        op.execute(f"drop policy of_workspace on {table}")
        op.execute(f"alter table {table} disable row level security")
    for table in ("api_key", "user_account", "team", "workspace"):
        op.execute(f"drop trigger credentials_changed on {table}")
    op.execute("drop function credentials_changed()")
    for signature in ("find_inbound_endpoint(uuid)", "find_logins(text)", "authenticate(bytea)", "workspace_now(uuid)"):
        op.execute(f"drop function {signature}")
    for parent in PARTITIONED:
        op.execute(f"drop table {parent}_default")
