"""Requests that arrive, to be altered piece by piece, and the calls that sign and verify them."""

import request
from fixtures import NONCE, NOW, SECRET, TS, key
from packet import b64url
from text import expand

URL = "http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9"
OWN = "http://vault.internal:8200"
BODY = b'{"cmd":"run"}'
JSON = ("Content-Type", "application/json")
KEY = key("gateway-1")
PARAMETERS = request.parameters(TS, NONCE, "gateway-1")
WHERE_CARRIED = ("content-type", "content-encoding")


class Request:
    """A request on its way: everything in it can be changed, and sealed again by a holder of the key."""

    def __init__(self, method="POST", url=URL, headers=(JSON,), body=BODY, host=None):
        scheme, authority, self.target = request.split_url(url)
        self.method, self.body = method, body
        self.authority = request.authority(scheme, authority)
        self.headers = [("Host", authority if host is None else host), *headers]
        if body:
            self.headers.append(("Content-Digest", request.digest(body)))

    def changed(self, **parts):
        """The same request but for these: `method`, `target`, `body`, `headers`, `authority`."""
        other = object.__new__(Request)
        other.__dict__.update(self.__dict__, **parts)
        return other

    def with_field(self, name, value):
        """A field's lines replaced by one, where the first of them stood."""
        at = next(at for at, (known, _) in enumerate(self.headers) if known.lower() == name.lower())
        rest = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        return self.changed(headers=[*rest[:at], (name, value), *rest[at:]])

    def without(self, *names):
        """No line of these fields."""
        return self.changed(headers=[pair for pair in self.headers if pair[0].lower() not in names])

    def adding(self, *pairs):
        """More lines, at the end."""
        return self.changed(headers=[*self.headers, *pairs])

    def leading(self, *pairs):
        """More lines, in front."""
        return self.changed(headers=[*pairs, *self.headers])

    def field(self, name):
        """A field's lines as one value, each without white space around it: RFC 9421, section 2.1."""
        lines = (value for known, value in self.headers if known.lower() == name)
        texts = (line.decode("latin-1") if isinstance(line, bytes) else expand(line) for line in lines)
        return ", ".join(text.strip(" \t") for text in texts)

    def items(self, extra=()):
        """The components of the profile for what the request carries."""
        carried = {name.lower() for name, _ in self.headers}
        due = [name for name in ("content-digest", *WHERE_CARRIED) if name in carried]
        return [*request.DERIVED, *(f'"{name}"' for name in [*due, *extra])]

    def value(self, item):
        """A component's value; of what is none, nothing."""
        name = item.split('"')[1] if '"' in item else item
        path, query = request.split(self.target)
        derived = {
            "@method": self.method,
            "@authority": self.authority,
            "@path": path,
            "@query": query,
            "@target-uri": f"http://{self.authority}{self.target}",
            "@request-target": self.target,
            "@scheme": "http",
        }
        return derived[name] if name in derived else self.field(name.lower())

    def sealed(
        self, items=None, parameters=PARAMETERS, *, extra=(), text=None, secret=SECRET, label="counterseal"
    ):
        """Signed: over these components, or the profile's; with these parameters; `text` is the member verbatim."""
        items = self.items(extra) if items is None else items
        text = request.member(items, parameters) if text is None else text
        base = request.base([(item, self.value(item)) for item in items], text)
        return self.adding(
            ("Signature-Input", f"{label}={text}"),
            ("Signature", f"{label}={request.signature(secret, base)}"),
        )

    def carrying(self, input="{}", signature="{}"):
        """The values of both fields in other words, in which {} is what stood there."""
        changed = self
        for name, words in (("Signature-Input", input), ("Signature", signature)):
            changed = changed.with_field(name, words.replace("{}", self.field(name.lower())))
        return changed


def pairs(headers):
    """Fields as calls carry them; bytes as their base64url."""
    return [
        [name, {"bytes": b64url(value)} if isinstance(value, bytes) else value] for name, value in headers
    ]


def verifying(sent, **changed):
    """A request.verify call on a request as it arrived."""
    body = {} if "pieces" in changed else {"body": b64url(sent.body)}
    return {
        "op": "request.verify",
        "keys": [KEY],
        "method": sent.method,
        "target": sent.target,
        "headers": pairs(sent.headers),
        **body,
        "authorities": [OWN],
        "now": NOW,
    } | changed


def signing(method="POST", url=URL, headers=(JSON,), body=BODY, **changed):
    """A request.sign call."""
    return {
        "op": "request.sign",
        "key": KEY,
        "method": method,
        "url": url,
        "headers": pairs(headers),
        "body": b64url(body),
        "now": TS,
        "nonce": NONCE,
    } | changed


def added(
    method="POST",
    url=URL,
    headers=(JSON,),
    body=BODY,
    *,
    extra=(),
    ts=TS,
    nonce=NONCE,
    kid="gateway-1",
    secret=SECRET,
):
    """What a signer adds to a request."""
    kept = [pair for pair in headers if pair[0].lower() not in ("host", "signature", "signature-input")]
    sealed = Request(method, url, kept, body).sealed(
        parameters=request.parameters(ts, nonce, kid), extra=extra, secret=secret
    )
    own = ("Content-Digest", "Signature-Input", "Signature")
    return {"headers": [[name, value] for name, value in sealed.headers if name in own]}


def evidence(key_id="gateway-1", owner=None, ts=TS, nonce=NONCE):
    """What a verified request answers."""
    return {"key_id": key_id, "owner": owner or key_id, "ts": ts, "nonce": nonce}


class Verdicts:
    """The cases of one subject, in short."""

    def __init__(self, subject, section="§3"):
        self.subject, self.section = subject, section

    def passes(self, comment, sent, *flags, answer=None, **changed):
        self.subject.ok(f"{self.section} {comment}", verifying(sent, **changed), answer or evidence(), *flags)

    def refuses(self, code, comment, sent, *flags, **changed):
        self.subject.refused(f"{self.section} {comment}", verifying(sent, **changed), code, *flags)

    def signs(self, comment, *flags, changed=None, answer=None, **parts):
        call = signing(
            **{name: parts[name] for name in ("method", "url", "headers", "body") if name in parts}
        )
        self.subject.ok(f"{self.section} {comment}", call | (changed or {}), answer or added(**parts), *flags)

    def signs_not(self, comment, code="malformed_argument", /, *flags, **changed):
        self.subject.refused(f"{self.section} {comment}", signing(**changed), code, *flags)
