"""Invented customers, as many as wanted, always the same."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

CITIES = ("Lyon", "Nantes", "Lille", "Bordeaux", "Toulouse", "Rennes", "Nancy", "Dijon")
COLUMNS = ("workspace_id", "external_id", "kind", "name", "email", "phone", "phone_raw", "postal_code", "city",
           "country", "acquisition_channel")  # fmt: skip
HEADER = "Réf client;Type;Nom;E-mail;Téléphone;Code postal;Ville;Pays;Canal"


def rows(workspace_id: UUID, count: int, prefix: str) -> Iterator[tuple[Any, ...]]:
    """As COPY takes them."""
    for number in range(count):
        phone = f"6{number % 100_000_000:08d}"
        yield (
            workspace_id, f"{prefix}{number}", "person", f"Client Numéro {number}", f"client{number}@example.com",
            f"+33{phone}", f"0{phone}", f"{number % 95 + 1:02d}000", CITIES[number % len(CITIES)], "FR", "web",
        )  # fmt: skip


def csv_lines(count: int, prefix: str) -> Iterator[str]:
    """The same people as a French spreadsheet writes them."""
    yield HEADER
    for _, reference, _, name, email, _, phone, postal_code, city, country, channel in rows(UUID(int=0), count, prefix):
        yield f"{reference};particulier;{name};{email};{phone};{postal_code};{city};{country};{channel}"
