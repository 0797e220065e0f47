"""The one catalogue: `fr.json` and `en.json`, flat keys, placeholders in braces."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("fr", "en")
DEFAULT_LANGUAGE: Final = "fr"


class UnknownText(KeyError):
    """No such key, or a placeholder without its value: a bug of ours, never of the user."""


def text(key: str, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """The text in the closest language, with its placeholders filled. Braces inside the values stay as they are."""
    pattern = texts_of(closest_language(language)).get(key)
    if pattern is None:
        raise UnknownText(key)
    try:
        return pattern.format_map(values)
    except KeyError as missing:
        raise UnknownText(f"{key} needs {missing}") from missing


def counted(key: str, count: int, language: str = DEFAULT_LANGUAGE, **values: object) -> str:
    """The text for that count: its own form (`key.0`) if it has one, else `key.one` or `key.other`.

    French counts 0 and 1 as one, English only 1. The placeholder {count} is filled.
    """
    spoken = closest_language(language)
    own = f"{key}.{count}"
    if own not in texts_of(spoken):
        own = f"{key}.one" if count == 1 or (count == 0 and spoken == "fr") else f"{key}.other"
    return text(own, spoken, count=count, **values)


def closest_language(tag: str | None) -> str:
    """fr or en for a language tag such as en-GB; the default for every other language and for none."""
    spoken = (tag or "").strip().replace("_", "-").split("-")[0].lower()
    return spoken if spoken in LANGUAGES else DEFAULT_LANGUAGE


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """Every key with its pattern in one of the LANGUAGES; read once per process."""
    loaded: dict[str, str] = json.loads(files(__package__).joinpath(f"{language}.json").read_text("utf-8"))
    return loaded
