"""Extensions, the folding of names, and the role under which the api works."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")

# `unaccent` is only stable because its dictionary could be replaced; ours is the shipped one and named.
FOLD = """
create function fold(value text) returns text
language sql immutable strict parallel safe
return lower(public.unaccent('public.unaccent'::regdictionary, value))
"""

# Roles belong to the whole cluster: another database of it may have made this one already.
API_ROLE = """
do $$ begin
    create role portefeuille_api nologin;
exception when duplicate_object or unique_violation then null;
end $$
"""


def upgrade() -> None:
    op.execute("set local lock_timeout = '4s'")
    for extension in EXTENSIONS:
        op.execute(f"create extension if not exists {extension}")
    op.execute(FOLD)
    op.execute(API_ROLE)
    op.execute("grant portefeuille_api to current_user")


def downgrade() -> None:
    op.execute("drop function fold(text)")
    for extension in reversed(EXTENSIONS):
        op.execute(f"drop extension {extension}")
