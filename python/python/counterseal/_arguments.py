"""What is said of a caller's own argument."""

from counterseal.errors import CountersealError


def wrong(detail: str) -> CountersealError:
    """A refusal of an argument: which one, and what is allowed."""
    return CountersealError("malformed_argument", detail, "invalid", 400)
