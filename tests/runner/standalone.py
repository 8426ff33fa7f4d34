"""What the runner takes from the stand-alone signer beside it.

The list of codes, with the tests of those without a vector; the canonical form; and the parts of a URL.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from signer.canonical import canonical
from signer.errors import ERRORS, NAMED_TESTS, codes_of_tests
from signer.request import split_url

__all__ = ["ERRORS", "NAMED_TESTS", "canonical", "codes_of_tests", "split_url"]
