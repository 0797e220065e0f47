"""Countries by ISO 3166 code or by their French or English name, to the two-letter code."""

from functools import lru_cache
from typing import Final

from services.api.imports.domain.rows import Cell, Unusable
from services.api.imports.domain.texts import as_text
from shared.domain.contact import fold_name

_CODES: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
    YT ZA ZM ZW
"""
CODES: Final = frozenset(_CODES.split())

# Three-letter code, French and English names of the countries French companies deal with most.
_NAMES: Final = {
    "FR": "FRA, France, France métropolitaine, République française",
    "BE": "BEL, Belgique, Belgium",
    "CH": "CHE, Suisse, Switzerland",
    "LU": "LUX, Luxembourg",
    "MC": "MCO, Monaco",
    "DE": "DEU, Allemagne, Germany",
    "ES": "ESP, Espagne, Spain",
    "IT": "ITA, Italie, Italy",
    "PT": "PRT, Portugal",
    "NL": "NLD, Pays-Bas, Netherlands, Hollande, Holland",
    "GB": "GBR, Royaume-Uni, United Kingdom, UK, Grande-Bretagne, Great Britain, Angleterre, England",
    "IE": "IRL, Irlande, Ireland",
    "AT": "AUT, Autriche, Austria",
    "DK": "DNK, Danemark, Denmark",
    "SE": "SWE, Suède, Sweden",
    "NO": "NOR, Norvège, Norway",
    "FI": "FIN, Finlande, Finland",
    "IS": "ISL, Islande, Iceland",
    "PL": "POL, Pologne, Poland",
    "CZ": "CZE, Tchéquie, République tchèque, Czechia, Czech Republic",
    "SK": "SVK, Slovaquie, Slovakia",
    "HU": "HUN, Hongrie, Hungary",
    "RO": "ROU, Roumanie, Romania",
    "BG": "BGR, Bulgarie, Bulgaria",
    "GR": "GRC, Grèce, Greece",
    "HR": "HRV, Croatie, Croatia",
    "SI": "SVN, Slovénie, Slovenia",
    "RS": "SRB, Serbie, Serbia",
    "EE": "EST, Estonie, Estonia",
    "LV": "LVA, Lettonie, Latvia",
    "LT": "LTU, Lituanie, Lithuania",
    "CY": "CYP, Chypre, Cyprus",
    "MT": "MLT, Malte, Malta",
    "UA": "UKR, Ukraine",
    "RU": "RUS, Russie, Russia, Fédération de Russie, Russian Federation",
    "TR": "TUR, Turquie, Turkey",
    "AD": "AND, Andorre, Andorra",
    "LI": "LIE, Liechtenstein",
    "MA": "MAR, Maroc, Morocco",
    "DZ": "DZA, Algérie, Algeria",
    "TN": "TUN, Tunisie, Tunisia",
    "EG": "EGY, Égypte, Egypt",
    "SN": "SEN, Sénégal, Senegal",
    "CI": "CIV, Côte d'Ivoire, Ivory Coast",
    "CM": "CMR, Cameroun, Cameroon",
    "ML": "MLI, Mali",
    "BF": "BFA, Burkina Faso",
    "BJ": "BEN, Bénin, Benin",
    "TG": "TGO, Togo",
    "GA": "GAB, Gabon",
    "CG": "COG, Congo",
    "MG": "MDG, Madagascar",
    "CD": "COD, République démocratique du Congo, RDC, Democratic Republic of the Congo",
    "MU": "MUS, Maurice, Mauritius",
    "KE": "KEN, Kenya",
    "NG": "NGA, Nigeria",
    "ZA": "ZAF, Afrique du Sud, South Africa",
    "IL": "ISR, Israël, Israel",
    "LB": "LBN, Liban, Lebanon",
    "JO": "JOR, Jordanie, Jordan",
    "SA": "SAU, Arabie saoudite, Saudi Arabia",
    "AE": "ARE, Émirats arabes unis, United Arab Emirates, UAE",
    "QA": "QAT, Qatar",
    "US": "USA, États-Unis, United States, États-Unis d'Amérique, United States of America",
    "CA": "CAN, Canada",
    "MX": "MEX, Mexique, Mexico",
    "BR": "BRA, Brésil, Brazil",
    "AR": "ARG, Argentine, Argentina",
    "CL": "CHL, Chili, Chile",
    "CO": "COL, Colombie, Colombia",
    "PA": "PAN, Panama",
    "PE": "PER, Pérou, Peru",
    "CN": "CHN, Chine, China",
    "JP": "JPN, Japon, Japan",
    "KR": "KOR, Corée du Sud, South Korea, Corée, Korea",
    "IN": "IND, Inde, India",
    "VN": "VNM, Viêt Nam, Vietnam",
    "TH": "THA, Thaïlande, Thailand",
    "SG": "SGP, Singapour, Singapore",
    "HK": "HKG, Hong Kong",
    "TW": "TWN, Taïwan, Taiwan",
    "ID": "IDN, Indonésie, Indonesia",
    "MY": "MYS, Malaisie, Malaysia",
    "PH": "PHL, Philippines",
    "AU": "AUS, Australie, Australia",
    "NZ": "NZL, Nouvelle-Zélande, New Zealand",
    "GP": "GLP, Guadeloupe",
    "MQ": "MTQ, Martinique",
    "GF": "GUF, Guyane, Guyane française, French Guiana",
    "RE": "REU, La Réunion, Réunion",
    "YT": "MYT, Mayotte",
    "NC": "NCL, Nouvelle-Calédonie, New Caledonia",
    "PF": "PYF, Polynésie française, French Polynesia",
    "PM": "SPM, Saint-Pierre-et-Miquelon",
    "BL": "BLM, Saint-Barthélemy",
    "MF": "MAF, Saint-Martin",
}

_BY_NAME: Final = {fold_name(name): code for code, names in _NAMES.items() for name in names.split(",")}


def country(cell: Cell) -> str | None:
    """The ISO 3166 alpha-2 code."""
    text = as_text(cell)
    return _code(text) if text else None


@lru_cache(maxsize=1_024)
def _code(text: str) -> str:
    code = _BY_NAME.get(fold_name(text)) or text.upper()
    if code not in CODES:
        raise Unusable("bad_country")
    return code
