"""What is said about a file that cannot be read, a column that is not understood, a value that cannot be taken.

A key is a stable code, or a code, a dot and a variant that explains it better.
"""

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("fr", "en")

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # The file as a whole.
    "empty_file": ("Le fichier est vide.", "The file is empty."),
    "not_text": (
        "Ce n'est pas un fichier texte : enregistrez la feuille au format CSV ou XLSX.",
        "This is not a text file: save the sheet as CSV or XLSX.",
    ),
    "not_a_workbook": (
        "Ce n'est pas un classeur, malgré son nom : un fichier CSV doit porter l'extension .csv.",
        "This is not a workbook, whatever its name says: a CSV file must be called .csv.",
    ),
    "broken_workbook": (
        "Le classeur est endommagé et ne peut pas être lu.",
        "The workbook is broken and cannot be read.",
    ),
    "encrypted_workbook": (
        "Le classeur est protégé par un mot de passe : enregistrez-le sans protection.",
        "The workbook is protected by a password: save it without.",
    ),
    "workbook_too_large": (
        "Le classeur prend trop de place une fois décompressé : supprimez les lignes et colonnes inutiles.",
        "The workbook takes too much room once unpacked: delete the rows and columns that are not needed.",
    ),
    "no_such_sheet": ("Le classeur n'a pas de feuille {sheet}.", "The workbook has no sheet {sheet}."),
    "line_too_long": ("Une ligne dépasse {limit} octets.", "A line is longer than {limit} bytes."),
    "too_many_columns": ("Le fichier a plus de {limit} colonnes.", "The file has more than {limit} columns."),
    "too_many_cells": (
        "Le fichier a plus de {limit} cellules : importez-le en plusieurs parties.",
        "The file has more than {limit} cells: import it in parts.",
    ),
    "bad_header": ("La ligne d'en-têtes ne peut pas être lue.", "The header line cannot be read."),
    # A line.
    "too_many_cells.line": (
        "La ligne a plus de cellules que l'en-tête.",
        "The line has more cells than the header.",
    ),
    "too_few_cells": (
        "La ligne a moins de cellules que l'en-tête : {given} au lieu de {expected}.",
        "The line has fewer cells than the header: {given} instead of {expected}.",
    ),
    "undecodable": (
        "La ligne contient des octets qui ne sont pas du texte dans l'encodage du fichier.",
        "The line holds bytes that are no text in the encoding of the file.",
    ),
    "too_long.cell": ("Une cellule est trop longue.", "A cell is too long."),
    "nul_character": ("La ligne contient un caractère NUL.", "The line holds a NUL character."),
    "bad_quoting": (
        "Un guillemet n'est pas fermé, ou pas doublé à l'intérieur d'une cellule.",
        "A quote is not closed, or not doubled inside a cell.",
    ),
    # Columns.
    "missing_column": ("Il manque une colonne pour « {field} ».", 'There is no column for "{field}".'),
    "missing_column.external_id": (
        "Il manque une colonne pour l'identifiant : indiquez-la, ou composez-le avec « id_from ».",
        'There is no column for the id: name it, or compose it with "id_from".',
    ),
    "unknown_column": ("Le fichier n'a pas de colonne « {column} ».", 'The file has no column "{column}".'),
    "ignored_column": (
        "La colonne « {column} » n'est pas reconnue et n'est pas importée.",
        'The column "{column}" is not recognised and not imported.',
    ),
    "ignored_column.by_mapping": (
        "La colonne « {column} » n'est pas importée : la correspondance fournit déjà « {field} ».",
        'The column "{column}" is not imported: the mapping already provides "{field}".',
    ),
    "repeated_column": (
        "La colonne « {column} » n'est pas importée : « {field} » vient déjà de la colonne « {first} ».",
        'The column "{column}" is not imported: "{field}" already comes from the column "{first}".',
    ),
    "contact_name_unused": (
        "La colonne « {column} » ne sert que sur les lignes sans nom d'entreprise.",
        'The column "{column}" is only used on lines without a company name.',
    ),
    "order_is_the_id": (
        "Le fichier n'a pas d'identifiant de ligne : le numéro de commande en tient lieu.",
        "The file has no id for its rows: the order number stands in.",
    ),
    # The mapping.
    "bad_mapping": ("La correspondance doit être un objet JSON.", "The mapping must be a JSON object."),
    "unknown_member": ("Membre inconnu.", "Unknown member."),
    "unknown_field": ("Champ inconnu pour « {entity} ».", 'Unknown field for "{entity}".'),
    "wrong_type": ("Attendu : {expected}.", "Expected: {expected}."),
    "wrong_entity": ("La correspondance est faite pour « {entity} ».", 'The mapping is made for "{entity}".'),
    "fed_twice": (
        "Ce champ reçoit déjà une colonne : il ne peut pas avoir aussi une constante.",
        "This field already has a column: it cannot have a constant as well.",
    ),
    "needs_header": (
        "Sans ligne d'en-têtes, une colonne se nomme par sa position.",
        "Without a header line a column is named by its position.",
    ),
    "bad_constant": ("La constante ne convient pas : {detail}", "The constant does not fit: {detail}"),
    # A line among the others, and beside what is recorded.
    "duplicate.seen": (
        "La ligne {other} porte déjà cet identifiant.",
        "Line {other} has this id already.",
    ),
    "duplicate.later": (
        "La ligne {other}, plus bas, désigne le même client : c'est elle qui compte.",
        "Line {other}, further down, means the same customer: that one counts.",
    ),
    "duplicate.recorded": (
        "Cet identifiant est déjà enregistré, avec un autre contenu.",
        "This id is recorded already, with other content.",
    ),
    "unknown_customer.none": ("Aucun client n'a cet identifiant.", "No customer has this id."),
    "ambiguous_customer": (
        "Plusieurs clients correspondent : donnez leur identifiant.",
        "Several customers match: give their ids.",
    ),
    "unknown_reference.owner": (
        "Aucun utilisateur n'a cette adresse e-mail.",
        "No user has this e-mail address.",
    ),
    "unknown_reference.product": ("Aucun produit ne porte ce nom.", "No product has this name."),
    "currency_mismatch": (
        "La première vente de la commande est dans une autre devise.",
        "The order's first sale is in another currency.",
    ),
    "missing_fx": (
        "Aucun taux de change de cette devise n'est connu ce jour-là ou avant.",
        "No exchange rate of this currency is known on or before that day.",
    ),
    # The import as a whole.
    "gave_up": (
        "L'import a été interrompu plusieurs fois au même endroit.",
        "The import was interrupted several times at the same place.",
    ),
    # A value.
    "required": ("Valeur obligatoire.", "A value is required."),
    "too_long": ("Plus de {limit} caractères.", "More than {limit} characters."),
    "bad_value": ("Valeur non reconnue.", "The value is not understood."),
    "bad_value.characters": (
        "Le texte contient des caractères qui n'en sont pas.",
        "The text holds characters that are none.",
    ),
    "bad_value.excel_error": ("La cellule contient une erreur d'Excel.", "The cell holds an Excel error."),
    "bad_value.choice": ("Valeur inconnue. Attendu : {choices}.", "Unknown value. Expected: {choices}."),
    "bad_value.integer": (
        "Un nombre entier de {low} à {high} est attendu.",
        "A whole number from {low} to {high} is expected.",
    ),
    "bad_value.too_many_items": ("Plus de {limit} éléments.", "More than {limit} items."),
    "bad_value.duration": (
        "Durée attendue en secondes ou sous la forme h:mm:ss.",
        "A duration in seconds or as h:mm:ss is expected.",
    ),
    "bad_value.currency": ("Code de devise attendu, comme EUR.", "A currency code such as EUR is expected."),
    "bad_value.timezone": (
        "Fuseau horaire attendu, comme Europe/Paris.",
        "A time zone such as Europe/Paris is expected.",
    ),
    "unknown_customer": ("Le client n'est pas indiqué.", "The customer is not stated."),
    "bad_kind": ("Type inconnu. Attendu : {choices}.", "Unknown kind. Expected: {choices}."),
    "bad_kind.blank": ("Le type manque.", "The kind is missing."),
    "bad_sign": (
        "Une vente ne peut pas être négative, ni un avoir positif.",
        "A sale cannot be negative, nor a refund positive.",
    ),
    "bad_amount": ("Ce n'est pas un montant.", "This is no amount."),
    "bad_amount.blank": ("Le montant manque.", "The amount is missing."),
    "bad_amount.ambiguous": (
        "Séparateur de milliers ou de décimales ? Précisez « decimal_mark » dans la correspondance.",
        'Thousands or decimals? State "decimal_mark" in the mapping.',
    ),
    "bad_amount.too_precise": ("Plus de {limit} décimales.", "More than {limit} decimals."),
    "bad_amount.too_large": ("Montant trop grand.", "The amount is too large."),
    "bad_amount.negative": ("Le montant ne peut pas être négatif.", "The amount cannot be negative."),
    "bad_amount.currency": (
        "La devise écrite dans la cellule n'est pas celle attendue ({currency}).",
        "The currency written in the cell is not the expected one ({currency}).",
    ),
    "bad_timestamp": (
        "Date et heure non reconnues.",
        "Date and time are not understood.",
    ),
    "bad_timestamp.blank": ("La date manque.", "The date is missing."),
    "bad_timestamp.no_offset": (
        "Il manque le décalage horaire (Z ou +02:00). Précisez « timezone » dans la correspondance.",
        'The UTC offset (Z or +02:00) is missing. State "timezone" in the mapping.',
    ),
    "bad_date": (
        "Date non reconnue : jj/mm/aaaa ou aaaa-mm-jj, ou précisez « date_format » dans la correspondance.",
        'The date is not understood: dd/mm/yyyy or yyyy-mm-dd, or state "date_format" in the mapping.',
    ),
    "bad_date.future": ("La date de naissance est dans l'avenir.", "The birth date lies in the future."),
    "bad_email": ("Adresse e-mail invalide.", "The e-mail address is invalid."),
    "bad_phone": ("Numéro de téléphone invalide.", "The phone number is invalid."),
    "bad_country": (
        "Pays inconnu : code ISO à deux lettres attendu.",
        "Unknown country: a two-letter ISO code is expected.",
    ),
    "bad_siren": ("SIREN invalide : 9 chiffres, clé comprise.", "Invalid SIREN: 9 digits, key included."),
    "bad_siret": ("SIRET invalide : 14 chiffres, clé comprise.", "Invalid SIRET: 14 digits, key included."),
    "bad_siret.other_company": (
        "Ce SIRET n'est pas un établissement du SIREN.",
        "This SIRET does not belong to the SIREN.",
    ),
    "bad_vat_number": ("Numéro de TVA invalide.", "The VAT number is invalid."),
}


class Worded:
    """What has a code and a sentence: `why` is a key of `TEXTS`, `facts` fill its blanks."""

    __slots__ = ()

    why: str
    facts: Mapping[str, object]

    @property
    def code(self) -> str:
        """Stable; the codes of facts are those of definitions.md, rule I7."""
        return self.why.partition(".")[0]

    @property
    def detail(self) -> str:
        """The sentence in French, the language of the product."""
        return self.describe("fr")

    def describe(self, language: str) -> str:
        return TEXTS[self.why][LANGUAGES.index(language)].format(**self.facts)
