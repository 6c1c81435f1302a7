"""What an action says when it does not do what was asked.

Three kinds and no more: `Refused` (this person can change something), `NotAllowed` (somebody else can), and a
defect, which is an assertion or any other exception and never a sentence for the user.
"""

from typing import Any


class TepatError(Exception):
    """An answer for a person: a stable code and the facts its sentence needs.

    Args:
        code: The message's key in `common/messages/*.toml`, such as ``IMPORT-NO-DESA``.
        facts: The numbers and names that the sentence shows.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)

    def __str__(self) -> str:
        """Return the sentence in Indonesian, as the command line prints it."""
        from tepat.common.messages import say

        return say(self.code, self.facts).text


class Refused(TepatError):  # noqa: N818 - the house word, read on screens and in docs
    """The request cannot be met, and the person who asked can change something about it."""


class NotAllowed(TepatError):  # noqa: N818 - as above
    """The request is in order, but not for this person; outside one's own area it reads as "not found"."""
