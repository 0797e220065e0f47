"""Column shorthands, so that the same thing has the same type in every table."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import Date, DateTime, Integer, Numeric, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import mapped_column

WorkspaceId = Annotated[UUID, mapped_column(PgUuid, primary_key=True)]
Id = Annotated[UUID, mapped_column(PgUuid, primary_key=True, server_default=text("uuidv7()"))]
Ref = Annotated[UUID, mapped_column(PgUuid)]
Str = Annotated[str, mapped_column(Text)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Day = Annotated[date, mapped_column(Date)]
Money = Annotated[Decimal, mapped_column(Numeric(18, 4))]
Total = Annotated[Decimal, mapped_column(Numeric(28, 4))]
"""What many amounts add up to: each of them may fill its own column."""
Version = Annotated[int, mapped_column(Integer, server_default=text("1"))]
Strings = Annotated[list[str], mapped_column(ARRAY(Text), server_default=text("'{}'"))]
Ids = Annotated[list[UUID], mapped_column(ARRAY(PgUuid), server_default=text("'{}'"))]
Object = Annotated[dict[str, Any], mapped_column(JSONB, server_default=text("'{}'"))]
Json = Annotated[Any, mapped_column(JSONB)]
