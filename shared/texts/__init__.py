"""Every text a user may read, in French (the default) and English, and the formatting of dates, money and numbers.

Texts are looked up by key and never decide anything: no code may branch on them. Nothing here imports a service.
"""

from shared.texts.catalogue import DEFAULT_LANGUAGE, LANGUAGES, UnknownText, closest_language, counted, text

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "UnknownText", "closest_language", "counted", "text"]
