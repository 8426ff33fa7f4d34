"""What the runner takes from the stand-alone signer beside it: the list of codes and the canonical form."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from signer.canonical import canonical
from signer.errors import ERRORS

__all__ = ["ERRORS", "canonical"]
