"""A subject is one vector file: a title and its cases, numbered in order."""

from errors import ERRORS

_SIGNED = {
    "packet.sign",
    "packet.verify",
    "parts.sign",
    "parts.verify",
    "token.issue",
    "token.verify",
    "derive",
    "request.sign",
    "request.verify",
    "session.accept",
    "session.welcome",
    "session.establish",
    "session.sign",
    "session.heartbeat",
    "session.verify",
    "ticket.keys",
}
_NATIVE = {"packet", "handshake"}


class Subject:
    """One vector file under construction."""

    def __init__(self, name, title):
        self.name = name
        self.title = title
        self.cases = []

    def ok(self, comment, call, answer, *flags):
        """The call is answered with exactly these members."""
        if call["op"] in _SIGNED and not _NATIVE & call.keys():
            flags += ("recompute",)
        self._add(comment, call, {"ok": answer}, flags)

    def refused(self, comment, call, code, *flags):
        """The call is refused with this code."""
        if code not in ERRORS:
            raise ValueError(f"{self.name}: no such code: {code}")
        self._add(comment, call, {"error": code}, flags)

    def document(self):
        """The file's content."""
        return {"title": self.title, "cases": self.cases}

    def _add(self, comment, call, expect, flags):
        number = len(self.cases) + 1
        case = {
            "id": f"{self.name}-{number:04d}",
            "comment": comment,
            "flags": list(flags),
            "call": call,
            "expect": expect,
        }
        self.cases.append(case)
