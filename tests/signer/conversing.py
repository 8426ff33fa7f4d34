"""Ends of sessions, the calls on them, and what their peers send. An end bears the id of the case that makes it."""

import session
from canonical import canonical
from fixtures import NONCE, SECRET, TS, evidence, key, nonce, sealed, sealed_bytes
from packet import b64url
from reading import auth, made

C = NONCE
S = "EBESExQVFhcYGRobHB0eHw"
OPENED = TS + 1
EXP = TS + 86400
HUB = key("hub-1", owner="hub")
ENGINE = key("engine-7")
CLAIMS = {"engineId": "engine-7", "exp": EXP, "role": "engine"}
POLICY = {"claims": {"engineId": {"type": "string"}, "role": "engine"}}
TOKEN = made(claims=canonical(CLAIMS))
HANDSHAKE = session.handshake(C, TOKEN)
WELCOME = session.welcome(SECRET, "hub-1", OPENED, "hub", "engine-7", C, S)


class End:
    """One end of a connection: who it is, who its peer is, and the keys of both."""

    def __init__(self, subject, comment, op, name, kid, peer, peer_kid, **members):
        self.subject = subject
        self.session = f"{subject.name}-{len(subject.cases) + 1:04d}"
        self.name, self.kid, self.peer, self.peer_kid, self.id = name, kid, peer, peer_kid, S
        self.knows_peer = op == "client"
        self.ok(f"§8 {comment}", op, {}, **members)

    def call(self, op, **members):
        return {"op": f"session.{op}", "session": self.session, **members}

    def ok(self, comment, op, answer, *flags, **members):
        self.subject.ok(comment, self.call(op, **members), answer, *flags)

    def refused(self, code, comment, op, *flags, **members):
        self.subject.refused(f"§8 {comment}", self.call(op, **members), code, *flags)

    def look(self, comment, state, **said):
        self.ok(f"§8 {comment}", "look", {"state": state, **said})

    def ended(self, code):
        peer = {"peer": self.peer} if self.knows_peer else {}
        self.look(f"it has ended: {code}", "ended", code=code, **peer)

    def is_open(self, comment, deadline):
        self.look(comment, "open", peer=self.peer, id=self.id, deadline=deadline)

    def due(self, comment, now, due):
        self.ok(f"§8 {comment}", "poll", {"due": due}, now=now)

    def signs(self, comment, event, payload, number, now=OPENED, *, secret=SECRET):
        """It signs a value; bytes are signed as such."""
        bound = session.context(self.name, self.peer, event, self.id)
        parts = {"kid": self.kid, "ts": now, "nonce": nonce(number), "context": bound, "secret": secret}
        if isinstance(payload, bytes):
            text, form, flags = sealed_bytes(payload, **parts), {"data": b64url(payload)}, ()
        else:
            text, form, flags = sealed(payload, **parts), {"payload": payload}, ("native",)
        call = {"event": event, **form, "now": now, "nonce": nonce(number)}
        self.ok(f"§8 {comment}", "sign", {"packet_text": text}, *flags, **call)

    def beats(self, comment, number, now):
        """It signs its heartbeat."""
        bound = session.context(self.name, self.peer, "heartbeat", self.id)
        text = sealed({}, kid=self.kid, ts=now, nonce=nonce(number), context=bound)
        self.ok(f"§8 {comment}", "heartbeat", {"packet_text": text}, now=now, nonce=nonce(number))

    def sent(self, event, payload, number, ts=OPENED, *, bound=None, sender=None, receiver=None, **parts):
        """The packet of the peer, a detail changed here or there; bytes are sent as such."""
        context = session.context(sender or self.peer, receiver or self.name, event, bound or self.id)
        seal = sealed_bytes if isinstance(payload, bytes) else sealed
        named = {"kid": self.peer_kid, "ts": ts, "nonce": nonce(number), "context": context}
        return seal(payload, **(named | parts))

    def takes(
        self, comment, event, payload, number, now=OPENED, *flags, ts=None, text=None, kid=None, **form
    ):
        """It verifies the packet of the peer, in whichever form the call gives it."""
        kid, ts = kid or self.peer_kid, now if ts is None else ts
        if not form:
            form = {"packet_text": text or self.sent(event, payload, number, ts, kid=kid)}
        shown = {"data": payload} if isinstance(payload, bytes) else {"payload_text": canonical(payload)}
        answer = evidence(**shown, key_id=kid, owner=self.peer, ts=ts, nonce=nonce(number))
        self.ok(f"§8 {comment}", "verify", answer, *flags, event=event, **form, now=now)

    def hears(self, comment, number, now):
        """It verifies the peer's heartbeat."""
        self.takes(comment, "heartbeat", {}, number, now)

    def refuses(self, code, comment, event, text, *flags, now=OPENED):
        """It refuses what came as a packet of the peer."""
        form = "packet_bytes" if isinstance(text, bytes) else "packet_text"
        text = b64url(text) if isinstance(text, bytes) else text
        self.refused(code, comment, "verify", *flags, event=event, **{form: text}, now=now)


class Server(End):
    """The end of the server `hub`."""

    def __init__(self, subject, comment="a server's end", now=TS, server="hub", **options):
        super().__init__(
            subject,
            comment,
            "server",
            server,
            "hub-1",
            "engine-7",
            "engine-7",
            server=server,
            now=now,
            **options,
        )

    def accept(self, comment="the handshake is accepted", *flags, claims=CLAIMS, **members):
        if claims != CLAIMS and "handshake_text" not in members:
            members["handshake_text"] = session.handshake(C, made(claims=canonical(claims)))
        answer = {"peer": self.peer, "claims_text": canonical(claims)}
        self.ok(f"§8 {comment}", "accept", answer, *flags, **accepting(**members))
        self.knows_peer = True

    def welcome(
        self, comment="the client is welcomed", *flags, now=OPENED, client_nonce=C, secret=SECRET, **members
    ):
        text = session.welcome(secret, self.kid, now, self.name, self.peer, client_nonce, self.id)
        call = welcoming(now=now, nonce=self.id, **members)
        self.ok(f"§8 {comment}", "welcome", {"packet_text": text}, *flags, **call)


class Client(End):
    """The end of the client `engine-7`."""

    def __init__(self, subject, comment="a client's end", **members):
        call = connecting(**members)
        super().__init__(subject, comment, "client", "engine-7", "engine-7", call["server"], "hub-1", **call)

    def establish(self, comment="the welcome is taken", *flags, packet_text=WELCOME, now=OPENED):
        self.ok(f"§8 {comment}", "establish", {}, *flags, packet_text=packet_text, now=now)


def open_server(subject, claims=CLAIMS, policy=POLICY, welcome=None, **options):
    """A server's end with its client welcomed."""
    end = Server(subject, **options)
    end.accept(claims=claims, policy=policy)
    end.welcome(**(welcome or {}))
    return end


def open_client(subject, **members):
    """A client's end that is welcomed."""
    end = Client(subject, **members)
    end.establish()
    return end


def connecting(**changed):
    """The members of session.client."""
    return {"key": ENGINE, "server": "hub", "keys": [HUB], "now": TS, "nonce": C} | changed


def accepting(text=HANDSHAKE, **changed):
    """The members of session.accept; bytes go as handshake_bytes."""
    form = {"handshake_bytes": b64url(text)} if isinstance(text, bytes) else {"handshake_text": text}
    if "handshake_text" in changed or "handshake" in changed:
        form = {}
    return {"keys": [auth()], "policy": POLICY, **form, "now": TS, **changed}


def welcoming(**changed):
    """The members of session.welcome."""
    return {"key": HUB, "keys": [ENGINE], "now": OPENED, "nonce": S} | changed
