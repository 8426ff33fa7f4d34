"""What becomes of a request that was refused: the answer, the log's line, the audit log's record."""

import json
import logging
import string
from typing import Any, Final

from counterseal._core import AuditLog, refusal
from counterseal.errors import CountersealError

log = logging.getLogger("counterseal")


class Rejection:
    """A refusal. The peer learns class and status, in the same bytes whatever the code."""

    def __init__(self, fault: CountersealError) -> None:
        self._fault = fault
        # A wrong argument is this service's own mistake: to its peer it is a server that cannot decide.
        learned: dict[str, Any] = UNAVAILABLE if fault.klass == "invalid" else {**refusal(fault)}
        self.status: Final[int] = learned["status"]
        self.body: Final = json.dumps(learned, separators=(",", ":"), sort_keys=True).encode()

    def headers(self, *, close: bool) -> list[tuple[bytes, bytes]]:
        """The answer's fields. close ends the connection of a request with a body, of which more may come."""
        fields = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(self.body)),
            (b"cache-control", b"no-store"),
        ]
        if self.status == 401:
            fields.append((b"www-authenticate", b"Signature"))  # RFC 9110 §11.6.1
        if close:
            fields.append((b"connection", b"close"))
        return fields

    def write_down(
        self, method: str, path: bytes, key_id: str | None, owner: str | None, audit: AuditLog | None
    ) -> None:
        """Logs and records it, with the code. The peer is refused whether or not that can be done."""
        fault = self._fault
        log.warning(
            "AUTH REJECTED code=%s status=%d method=%s path=%s key_id=%s",
            *(fault.code, self.status, shown(method.encode()), shown(path), key_id or "-"),
        )
        # What the service or its store lacks is for its operator to see, what a request lacks to look for.
        level = {"invalid": logging.ERROR, "unavailable": logging.WARNING}.get(fault.klass, logging.DEBUG)
        log.log(level, "%s", shown(str(fault).encode(), b" "))
        if audit is None:
            return
        metadata = {"code": fault.code, "key_id": key_id}
        try:
            audit.record(
                "REQUEST_REJECTED",
                user_id=owner,
                action=method,
                resource=path.decode("latin-1"),
                success=False,
                metadata=metadata,
            )
        except CountersealError as unwritten:
            log.error("a refusal is not in the audit log: %s", unwritten)


def shown(text: bytes, also: bytes = b"") -> str:
    """What a peer may have chosen, as one word of a log's line: cut, and escaped."""
    plain = PLAIN + also
    escaped = "".join(chr(byte) if byte in plain else f"\\x{byte:02x}" for byte in text[:SHOWN_MAX])
    return escaped + ("..." if len(text) > SHOWN_MAX else "")


PLAIN = bytes(
    ord(sign) for sign in string.ascii_letters + string.digits + string.punctuation if sign not in '\\"'
)
SHOWN_MAX = 256
UNAVAILABLE: Final = {"class": "unavailable", "status": 503}
