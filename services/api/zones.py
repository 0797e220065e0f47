"""Time zones by their IANA names."""

from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def _check(value: str) -> str:
    if value not in _known():
        raise PydanticCustomError("bad_timezone", "An IANA time zone, such as Europe/Paris.")
    return value


Timezone = Annotated[str, Field(max_length=64, examples=["Europe/Paris"]), AfterValidator(_check)]
