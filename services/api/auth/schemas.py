"""The OAuth 2 password form and its answer."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.passwords import LONGEST
from services.api.schemas import View
from shared.domain import limits


class Login(BaseModel):
    """RFC 6749, section 4.3. `client_id` may name the workspace, where the e-mail is known in several."""

    model_config = ConfigDict(frozen=True)

    username: Annotated[str, Field(min_length=1, max_length=limits.EMAIL, description="E-mail address")]
    password: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    grant_type: Literal["password", ""] | None = None
    client_id: Annotated[str | None, Field(max_length=limits.NAME, description="Name or id of the workspace")] = None
    client_secret: Annotated[str | None, Field(max_length=LONGEST, description="Ignored")] = None
    scope: Annotated[str | None, Field(max_length=LONGEST, description="Ignored")] = None


class AccessToken(View):
    """Send it as `Authorization: Bearer …` for `expires_in` seconds."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int
