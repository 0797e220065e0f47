"""Fields with a fixed vocabulary: what may stand in a file for each value, in French and English, accents folded."""

import re
from typing import Final

from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import Convert, as_text
from shared.domain.contact import fold_name

Words = dict[str, str]
"""Value → the other words for it, separated by commas. The value itself is always understood."""

CUSTOMER_KINDS: Final[Words] = {
    "company": "entreprise, société, professionnel, pro, b2b, personne morale, organisation, business, account",
    "person": "particulier, personne, personne physique, individu, b2c, contact, individual, people, consumer",
}
LIFECYCLES: Final[Words] = {
    "suspect": "",
    "lead": "piste, contact",
    "prospect": "prospect qualifié",
    "active": "actif, client, cliente, client actif, customer",
    "dormant": "inactif, inactive, client dormant, client inactif",
    "lost": "perdu, perdue, client perdu, ancien client, former",
}
CHANNELS: Final[Words] = {
    "email": "e-mail, mail, courriel",
    "phone": "téléphone, tel, appel, call",
    "sms": "texto",
    "post": "courrier, postal, letter",
    "social": "réseaux sociaux, réseau social",
    "meeting": "rendez-vous, rdv, visite, visit",
}
SEXES: Final[Words] = {
    "female": "f, femme, féminin, mme, madame, mrs, ms, woman",
    "male": "m, h, homme, masculin, monsieur, mr, man",
    "other": "autre, x, non précisé, unspecified",
}
TRANSACTION_KINDS: Final[Words] = {
    "sale": "vente, facture, commande, achat, invoice, order, purchase",
    "refund": "avoir, remboursement, retour, note de crédit, credit note, return",
}
INTERACTION_KINDS: Final[Words] = {
    "call": "appel, appel téléphonique, téléphone, tel, phone, phone call",
    "meeting": "rendez-vous, rdv, réunion, rencontre, entretien, visio, visioconférence, video call",
    "visit": "visite, visite client, visite commerciale",
    "sms": "texto",
    "note": "commentaire, remarque, comment",
    "event": "événement, salon",
    "web_visit": "visite web, visite du site, visite de site, page view",
    "download": "téléchargement",
    "form": "formulaire",
    "social": "réseau social, réseaux sociaux, social media",
    "ticket": "ticket support, demande support",
    "email_sent": "e-mail envoyé, email envoyé, mail envoyé, courriel envoyé, e-mail sent",
    "email_bounced": "e-mail rejeté, email rejeté, mail rejeté, e-mail bounced, bounce",
    "email_opened": "e-mail ouvert, email ouvert, mail ouvert, courriel ouvert, e-mail opened",
    "email_clicked": "e-mail cliqué, email cliqué, mail cliqué, clic, e-mail clicked",
    "email_replied": "réponse e-mail, réponse email, réponse mail, e-mail reçu, e-mail replied",
    "complaint": "réclamation, plainte",
    "unsubscribe": "désabonnement, désinscription, unsubscribed",
}
DIRECTIONS: Final[Words] = {
    "inbound": "entrant, entrante, reçu, in, incoming",
    "outbound": "sortant, sortante, émis, out",
}
STAGES: Final[Words] = {
    "prospecting": "prospection, prospect, nouveau, nouvelle, new, qualification",
    "engaging": "en cours, engagement, découverte, open, ouvert, ouverte",
    "proposal": "proposition, devis, offre, négociation, quote, negotiation",
    "won": "gagné, gagnée, signé, signée, closed won",
    "lost": "perdu, perdue, abandonné, abandonnée, closed lost",
}
LANGUAGES: Final[Words] = {
    "fr": "français, french, fra, fre", "en": "anglais, english, eng", "de": "allemand, german, deutsch, deu, ger",
    "es": "espagnol, spanish, español, spa", "it": "italien, italian, italiano, ita",
    "nl": "néerlandais, dutch, nederlands, nld, dut", "pt": "portugais, portuguese, português, por",
    "ar": "arabe, arabic", "zh": "chinois, chinese", "pl": "polonais, polish", "ru": "russe, russian",
}  # fmt: skip

_REMEMBERED: Final = 1_000
"""Spellings understood once are understood at once the next time."""

_LANGUAGE_CODE: Final = re.compile(r"(?P<language>[A-Za-z]{2})(?:[-_](?P<region>[A-Za-z]{2}))?")
_CURRENCY_WORDS: Final = {
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "FRANC SUISSE": "CHF", "FRANCS SUISSES": "CHF",
}  # fmt: skip


def choice(words: Words, why: str = "bad_value.choice") -> Convert:
    """One of the values, however it is written; None for a blank cell."""
    known = {fold_name(word): value for value, others in words.items() for word in (value, *others.split(",")) if word}
    exact: dict[Cell, str] = {value: value for value in words}

    def convert(cell: Cell) -> str | None:
        if (value := exact.get(cell)) is not None:
            return value
        text = as_text(cell)
        if not text:
            return None
        value = known.get(fold_name(text))
        if value is None:
            raise Unusable(why, choices=", ".join(words))
        if len(exact) < _REMEMBERED:
            exact[cell] = value
        return value

    return convert


def language(cell: Cell) -> str | None:
    """ISO 639-1 (`fr`) with its region where the file has it (`fr-CA`), or a language's name."""
    text = as_text(cell)
    if match := _LANGUAGE_CODE.fullmatch(text):
        region = f"-{match['region'].upper()}" if match["region"] else ""
        return match["language"].lower() + region
    named = _named_language(text)
    return named if isinstance(named, str) else None


def currency(cell: Cell) -> str | None:
    """ISO 4217, or the euro and its neighbours by their signs."""
    text = as_text(cell).upper()
    if not text:
        return None
    code = _CURRENCY_WORDS.get(text, text)
    if re.fullmatch("[A-Z]{3}", code) is None:
        raise Unusable("bad_value.currency")
    return code


_named_language = choice(LANGUAGES, "bad_value")
