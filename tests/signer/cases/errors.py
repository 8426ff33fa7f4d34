"""The closed list of codes: wire contract section 4."""

from case import Subject
from errors import ERRORS

errors = Subject("errors", "The closed list of codes with class and status (wire contract section 4)")
SUBJECTS = [errors]

errors.ok(
    "§4 the codes of the features that exist, in the contract's order",
    {"op": "error.list"},
    {"codes": list(ERRORS.values())},
)
