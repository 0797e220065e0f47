"""What a header means: French and English names of our fields, however they are spelled."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from shared.domain.contact import fold_name

Entity = Literal["customers", "transactions", "interactions", "opportunities"]

_CUSTOMER_REFERENCE: Final = (
    "customer external id, customer id, customer ref, customer reference, customer code, customer number, customer, "
    "client, client id, id client, ref client, reference client, code client, numero client, identifiant client, "
    "compte client, compte, account, account id, societe, raison sociale, entreprise, company, tiers, code tiers, nom "
    "client, customer name"
)

# Names are written folded: no accents, no punctuation, no small words; see `normalise`.
_NAMES: Final[dict[Entity, dict[str, str]]] = {
    "customers": {
        "external_id": (
            "external id, id, id externe, identifiant, identifiant externe, identifiant client, ref, reference, ref "
            "client, reference client, code, code client, numero client, id client, client id, customer id, customer "
            "number, customer external id, customer reference, customer code, code tiers, numero compte, compte "
            "client, account id"
        ),
        "kind": "kind, type, type client, customer type, nature, categorie juridique, b2b b2c",
        "company_name": (
            "raison sociale, societe, entreprise, nom societe, nom entreprise, denomination, denomination sociale, "
            "company, company name, organisation, organization, etablissement, nom commercial"
        ),
        "name": (
            "name, nom complet, client, nom client, customer, customer name, full name, compte, account, account name, "
            "nom prenom, prenom nom, tiers, nom tiers"
        ),
        "last_name": "nom, nom famille, last name, surname, family name",
        "first_name": "prenom, prenoms, first name, given name",
        "lifecycle": "lifecycle, statut, statut client, status, etape, lifecycle stage, cycle vie",
        "email": (
            "email, e mail, mail, courriel, adresse email, adresse e mail, adresse mail, email address, e mail "
            "address, mel, adresse electronique, email principal"
        ),
        "phone": (
            "phone, phone number, tel, telephone, numero telephone, numero tel, tel fixe, telephone fixe, mobile, "
            "portable, tel portable, telephone portable, tel mobile, telephone mobile, gsm, cell phone, telephone "
            "principal"
        ),
        "address_line1": (
            "address line1, address line 1, line1, adresse, adresse 1, adresse ligne 1, adresse postale, rue, voie, "
            "address, address 1, street, street address, adresse facturation"
        ),
        "address_line2": (
            "address line2, address line 2, line2, adresse 2, adresse ligne 2, complement adresse, complement, address "
            "2"
        ),
        "postal_code": "postal code, address postal code, code postal, cp, zip, zip code, postcode",
        "city": "city, address city, ville, commune, localite, town",
        "region": "region, address region, departement, state, province",
        "country": "country, address country, pays, code pays, country code, office location",
        "owner_email": (
            "owner email, email commercial, e mail commercial, email responsable, e mail responsable, courriel "
            "commercial"
        ),
        "tags": "tags, tag, etiquettes, etiquette, mots cles, labels, libelles",
        "preferred_channel": (
            "preferred channel, canal prefere, canal contact, canal prefere contact, preference contact"
        ),
        "language": "language, langue, lang",
        "timezone": "timezone, time zone, fuseau horaire, fuseau",
        "acquisition_channel": (
            "acquisition channel, canal acquisition, canal, channel, source, origine, provenance, source acquisition, "
            "lead source"
        ),
        "potential_annual_revenue": (
            "potential annual revenue, potentiel, potentiel annuel, potentiel achat, ca potentiel, chiffre affaires "
            "potentiel, potential"
        ),
        "lead_fit": "lead fit, fit, score adequation, points adequation",
        "siren": "siren, numero siren, code siren",
        "siret": "siret, numero siret, code siret",
        "vat_number": (
            "vat number, vat, vat id, tva, numero tva, tva intracommunautaire, numero tva intracommunautaire, tva "
            "intra, numero tva intra, tva intracom"
        ),
        "sector": "sector, secteur, secteur activite, activite, industry, branche",
        "employees": (
            "employees, effectif, effectifs, nombre salaries, nb salaries, salaries, number employees, headcount"
        ),
        "annual_revenue": (
            "annual revenue, revenue, ca, ca annuel, chiffre affaires, chiffre affaires annuel, ca ht, chiffre "
            "affaires ht, turnover"
        ),
        "competitors": "competitors, concurrents, concurrent, concurrence",
        "birth_date": (
            "birth date, birthdate, birthday, date naissance, ne e le, anniversaire, date anniversaire, date birth, dob"
        ),
        "sex": "sex, sexe, genre, gender, civilite",
        "csp": (
            "csp, categorie socioprofessionnelle, categorie socio professionnelle, profession, socio professional "
            "category"
        ),
        "family_situation": "family situation, situation familiale, situation famille, etat civil, marital status",
        "income_bracket": "income bracket, tranche revenus, tranche revenu, revenus, income",
        "interests": "interests, centres interet, centre interet, interets, hobbies, loisirs",
        "created_at": (
            "created at, date creation, creation, cree le, creee le, date entree, client depuis, date premier contact, "
            "created, creation date, created on"
        ),
    },
    "transactions": {
        "external_id": (
            "external id, id, transaction id, id transaction, numero transaction, numero facture, facture, numero "
            "piece, piece, invoice number, invoice id, invoice, numero ligne, line id, ref facture, reference facture, "
            "reference, ref"
        ),
        "customer_external_id": _CUSTOMER_REFERENCE,
        "order_id": (
            "order id, order number, order, numero commande, commande, id commande, ref commande, reference commande, "
            "order ref, order reference, numero bon commande"
        ),
        "kind": "kind, type, nature, type piece, type operation, sens, type transaction, transaction type",
        "occurred_at": (
            "occurred at, date, date commande, date facture, date vente, date achat, date transaction, order date, "
            "invoice date, purchase date, date piece, transaction date, date operation, horodatage, timestamp, "
            "datetime, date heure"
        ),
        "amount": (
            "amount, montant, montant ht, total ht, prix ht, ca ht, net ht, amount excl tax, amount excluding tax, net "
            "amount, subtotal, montant net, montant total ht, total hors taxes, montant hors taxes, ca"
        ),
        "currency": "currency, devise, monnaie, code devise, currency code",
        "cost": "cost, cout, cout achat, prix achat, prix revient, cout revient, cost of goods, cout ht, cogs",
    },
    "interactions": {
        "external_id": (
            "external id, id, interaction id, id interaction, numero, reference, ref, id activite, activity id"
        ),
        "customer_external_id": _CUSTOMER_REFERENCE,
        "kind": (
            "kind, type, type interaction, nature, canal, interaction type, activity type, type activite, type contact"
        ),
        "direction": "direction, sens",
        "occurred_at": (
            "occurred at, date, date heure, date interaction, date contact, datetime, timestamp, horodatage, activity "
            "date, date activite, date appel"
        ),
        "duration_seconds": "duration seconds, duree, duree secondes, duree s, duration, duree appel",
        "subject": "subject, objet, sujet, titre, title",
        "body": (
            "body, contenu, texte, message, commentaire, commentaires, notes, note, compte rendu, description, comment"
        ),
        "message_id": "message id, id message",
        "cost": "cost, cout",
    },
    "opportunities": {
        "external_id": (
            "external id, id, opportunity id, id opportunite, numero opportunite, numero, reference, ref, deal id, "
            "numero devis, id affaire, numero affaire"
        ),
        "customer_external_id": _CUSTOMER_REFERENCE,
        "name": (
            "name, nom, opportunite, opportunity, nom opportunite, intitule, titre, affaire, nom affaire, deal, deal "
            "name, opportunity name, title, libelle, objet"
        ),
        "stage": "stage, etape, statut, status, phase, deal stage, etape vente, etat, sales stage",
        "amount": (
            "amount, montant, montant ht, valeur, close value, montant estime, ca estime, value, montant prevu, deal "
            "value, expected revenue"
        ),
        "currency": "currency, devise, monnaie, code devise",
        "probability_pct": "probability pct, probability, probabilite, proba, chances, probabilite pct",
        "owner_email": "owner email, email commercial, e mail commercial, email responsable, courriel commercial",
        "product_name": "product name, product, produit, nom produit, article, offre",
        "engaged_on": (
            "engaged on, engage date, date engagement, date ouverture, date debut, date creation, opened on, open "
            "date, creation date, created"
        ),
        "expected_close_on": (
            "expected close on, date cloture prevue, cloture prevue, date signature prevue, echeance, expected close "
            "date, date prevue, date previsionnelle, date cloture previsionnelle"
        ),
        "closed_on": "closed on, close date, date cloture, date fermeture, date signature, closed date, cloture le",
    },
}

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBER_SIGN: Final = re.compile(r"\bn[°º]|\b(?:no|num|nr)\b|\bn\.\s|№|#", re.IGNORECASE)
_UNIT: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SMALL_WORDS: Final = frozenset(("de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "of", "the"))


def normalise(header: str) -> str:
    """The header without case, accents, punctuation and small words; every sign for "number" as "numero"."""
    words = fold_name(_NUMBER_SIGN.sub(" numero ", _CAMEL.sub(" ", header))).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS)


def _by_header(names: Mapping[str, str]) -> dict[str, str]:
    return {normalise(name): field for field, spellings in names.items() for name in spellings.split(",")}


_FIELDS: Final = {entity: _by_header(names) for entity, names in _NAMES.items()}


def recognise(entity: Entity, header: str) -> str | None:
    """Our field for a header; None when it is unknown. Amounts including tax (TTC) are nobody's field, on purpose."""
    known = _FIELDS[entity]
    field = known.get(normalise(header))
    if field is None and "ttc" not in normalise(header).split():
        # "Montant HT (€)" and "Date [jj/mm/aaaa]" say their unit, which the value says again.
        field = known.get(normalise(_UNIT.sub(" ", header)))
    return field
