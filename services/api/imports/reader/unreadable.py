"""The one error of the reader."""

from services.api.imports.domain.wording import Worded


class UnreadableFile(Worded, Exception):
    """The file cannot be imported at all; what was yielded of it must not be used."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts
