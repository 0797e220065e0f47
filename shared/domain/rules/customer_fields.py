"""The customer's own fields, named as the API names them."""

from typing import Final

from shared.domain.rules.fields import SEGMENTS_FIELD, Field
from shared.domain.rules.operators import EMPTINESS, MEMBERSHIP

# Several people may own a customer, so an owner is looked for in a list by its id.
_IDENTITY = (
    Field("id", "Identifiant", "Identifier", "uuid", nullable=False, group="identity"),
    Field("external_id", "Référence externe", "External reference", "text", group="identity"),
    Field("kind", "Nature", "Kind", "enum", values=("company", "person"), nullable=False, group="identity"),
    Field("name", "Nom", "Name", "text", nullable=False, group="identity"),
    Field("lifecycle", "Cycle de vie", "Lifecycle", "enum", group="identity"),
    Field("created_at", "Créé le", "Created at", "instant", nullable=False, group="identity"),
)

_CONTACT = (
    Field("email", "E-mail", "E-mail", "text", group="contact"),
    Field("phone", "Téléphone", "Phone", "text", group="contact"),
    Field("address.line1", "Adresse", "Address line 1", "text", group="contact"),
    Field("address.line2", "Complément d'adresse", "Address line 2", "text", group="contact"),
    Field("address.postal_code", "Code postal", "Postal code", "text", group="contact"),
    Field("address.city", "Ville", "City", "text", group="contact"),
    Field("address.region", "Région", "Region", "text", group="contact"),
    Field("address.country", "Pays", "Country", "text", group="contact"),
    Field("preferred_channel", "Canal préféré", "Preferred channel", "enum", group="contact"),
    Field("language", "Langue", "Language", "text", group="contact"),
    Field("timezone", "Fuseau horaire", "Time zone", "text", group="contact"),
)

_RELATIONSHIP = (
    Field("owner_id", "Responsable", "Owner", "uuid", group="relationship"),
    Field("secondary_owner_ids", "Autres responsables", "Secondary owners", "list", group="relationship"),
    Field("tags", "Étiquettes", "Tags", "list", group="relationship"),
    Field("acquisition_channel", "Canal d'acquisition", "Acquisition channel", "text", group="relationship"),
    Field(
        "potential_annual_revenue",
        "Potentiel d'achat annuel",
        "Potential annual revenue",
        "money",
        group="relationship",
        unit="currency",
    ),
    Field("lead_fit", "Adéquation du prospect", "Lead fit", "number", group="relationship", unit="points"),
    Field(
        SEGMENTS_FIELD,
        "Segments",
        "Segments",
        "list",
        operators=(*MEMBERSHIP, *EMPTINESS),
        group="relationship",
    ),
)

_COMPANY = (
    Field("siren", "SIREN", "SIREN", "text", group="company"),
    Field("siret", "SIRET", "SIRET", "text", group="company"),
    Field("vat_number", "Numéro de TVA", "VAT number", "text", group="company"),
    Field("sector", "Secteur", "Sector", "text", group="company"),
    Field("employees", "Effectif", "Employees", "number", group="company"),
    Field("annual_revenue", "Chiffre d'affaires annuel", "Annual revenue", "money", group="company", unit="currency"),
    Field("competitors", "Concurrents", "Competitors", "list", group="company"),
)

_PERSON = (
    # A birthday without its year (--MM-DD) has an anniversary, but compares with no date.
    Field("birth_date", "Date de naissance", "Birth date", "date", group="person"),
    Field("sex", "Sexe", "Sex", "enum", group="person"),
    Field("csp", "Catégorie socioprofessionnelle", "Socio-professional category", "text", group="person"),
    Field("family_situation", "Situation familiale", "Family situation", "text", group="person"),
    Field("income_bracket", "Tranche de revenus", "Income bracket", "text", group="person"),
    Field("interests", "Centres d'intérêt", "Interests", "list", group="person"),
)

CUSTOMER_FIELDS: Final = (*_IDENTITY, *_CONTACT, *_RELATIONSHIP, *_COMPANY, *_PERSON)
