"""A service of the mesh that calls others: the back office, or whoever else its keys say it is.

Its first line of standard input is `{"keys":FILE}`; each further one is a call, answered by a line. It ends
when standard input does.
"""

import json
import sys
from pathlib import Path
from typing import Any

import httpx
from counterseal import Key, RequestSigner, Secret
from counterseal.httpx import SignatureAuth


def main() -> None:
    keys = read_keys(Path(json.loads(sys.stdin.readline())["keys"]))
    print(json.dumps({"keys": sorted(keys)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(call(keys, **json.loads(line))), flush=True)


def call(
    keys: dict[str, Key],
    *,
    method: str,
    url: str,
    via: str | None = None,
    key: str | None = None,
    forged: str | None = None,
    order: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Calls: signed with a key of ours, with one that we made up under the name `forged`, or not at all."""
    auth = None
    if key is not None or forged is not None:
        signing = keys[key] if key is not None else Key(forged or "", secret=Secret.generate())
        # The vault wants to have the tenant signed, too.
        auth = SignatureAuth(RequestSigner(signing, extra_fields=["x-tenant"] if "vault" in url else None))
    headers = {"X-Tenant": "acme"}
    with httpx.Client(proxy=via, timeout=60) as client:
        answer = client.request(method, url, json=order, headers=headers, auth=auth)
    return {"status": answer.status_code, "body": answer.text}


def read_keys(file: Path) -> dict[str, Key]:
    entries = json.loads(file.read_text())["keys"]
    return {entry["id"]: Key(entry.pop("id"), **entry) for entry in entries}


if __name__ == "__main__":
    main()
