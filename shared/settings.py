"""Every setting of every process, read once in a `__main__` and passed down. `.env.example` documents them."""

from functools import cached_property
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

INSECURE_SECRET = "change-me"  # noqa: S105  The placeholder that a deployment must replace.


class Settings(BaseSettings):
    """Environment variables `PORTEFEUILLE_…`, or the same names in a file `.env` of the working directory."""

    model_config = SettingsConfigDict(env_prefix="PORTEFEUILLE_", env_file=".env", extra="ignore")

    database_url: str = Field(description="postgresql://user:password@host/name, or ?host=/socket/dir")
    nats_url: str = Field(description="nats://host:port, several separated by commas")
    smtp_url: str | None = Field(default=None, description="smtp://user:pass@host:port; without it mails are captured")
    mail_from: str = "Portefeuille <no-reply@portefeuille.example>"
    public_url: str = "http://127.0.0.1:8000"
    secret_key: SecretStr = SecretStr(INSECURE_SECRET)
    default_timezone: str = "Europe/Paris"
    default_currency: str = "EUR"
    log_level: str = "INFO"
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    health_port: int = Field(default=0, description="Port of a worker's health endpoints on loopback; 0 picks one")
    health_host: str = "127.0.0.1"
    nats_replicas: int = Field(default=1, description="Copies of the event stream: 1 on one node, 3 on a cluster")
    otlp_endpoint: str | None = Field(
        default=None, description="http://collector:4318/v1/traces; empty exports nothing"
    )
    max_body_bytes: int = 2_000_000
    max_upload_bytes: int = 200_000_000
    import_dir: str | None = Field(default=None, description="Where uploaded files wait; default: a temporary folder")

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The same database for SQLAlchemy's asyncpg dialect."""
        parts = urlsplit(self.database_url)
        return urlunsplit(parts._replace(scheme="postgresql+asyncpg"))
