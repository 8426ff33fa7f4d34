"""The handshake: wire contract section 8. Its form, its token, the client's name, and the time it may take."""

import session
from canonical import canonical
from case import Subject
from conversing import (
    CLAIMS,
    ENGINE,
    EXP,
    HANDSHAKE,
    OPENED,
    POLICY,
    TOKEN,
    C,
    Client,
    Server,
    accepting,
    connecting,
    welcoming,
)
from fixtures import BAD_NONCES, LAST, OTHER_SECRET, TS, key, nonce
from reading import auth, made
from text import concat, expand, repeat

handshake = Subject("session-handshake", "Sessions: the handshake (wire contract section 8)")
SUBJECTS = [handshake]


def passes(comment, *flags, **members):
    Server(handshake).accept(comment, *flags, **members)


def refused(code, comment, *flags, end=None, **members):
    """The handshake is refused, and the session ends."""
    end = end or Server(handshake)
    end.refused(code, comment, "accept", *flags, **accepting(**members))
    end.ended(code)


# The golden conversation, as far as its welcome.
client = Client(handshake)
client.look("a client knows its server from the start", "handshake", peer="hub", deadline=TS + 11)
client.ok("§8 the handshake", "handshake", {"handshake_text": HANDSHAKE}, token=TOKEN)
client.ok(
    "§8 a token is written as it stands, whatever it is",
    "handshake",
    {"handshake_text": session.handshake(C, '"\\\u0001\u00e9\u20ac\U0001f600/')},
    token='"\\\u0001\u00e9\u20ac\U0001f600/',
)
server = Server(handshake)
server.look("a server does not know its client yet", "handshake", deadline=TS + 11)
server.accept()
server.look("who the client is", "handshake", peer="engine-7", deadline=TS + 11)
server.welcome("§9 the welcome", "golden")
server.is_open("the server's end is open", OPENED + 5)
client.establish("§9 the welcome is taken", "golden")
client.is_open("the client's end is open, and owes a heartbeat", OPENED)

# Its form: any strict JSON.
passes("white space", text=f' \t\r\n{{ "nonce" : "{C}" ,\n"token" : "{TOKEN}" }}\n')
passes("members the other way round", text=f'{{"token":"{TOKEN}","nonce":"{C}"}}')
passes("escapes in names", text=f'{{"\\u006eonce":"{C}","\\u0074oken":"{TOKEN}"}}')
passes("escapes in values", text=f'{{"nonce":"\\u0041{C[1:]}","token":"\\u0065{TOKEN[1:]}"}}')
passes("as bytes", text=HANDSHAKE.encode())
passes("as the language's own object", "native", handshake={"nonce": C, "token": TOKEN})

for comment, text in [
    ("empty", ""),
    ("white space", " "),
    ("an empty object", "{}"),
    ("an array", f'["{C}","{TOKEN}"]'),
    ("null", "null"),
    ("a string", canonical(HANDSHAKE)),
    ("the token alone", TOKEN),
    ("without nonce", f'{{"token":"{TOKEN}"}}'),
    ("without token", f'{{"nonce":"{C}"}}'),
    ("with another member", HANDSHAKE[:-1] + ',"role":"engine"}'),
    ("with a member of no name", HANDSHAKE[:-1] + ',"":0}'),
    ("with Token too", HANDSHAKE[:-1] + f',"Token":"{TOKEN}"}}'),
    ("nonce twice", HANDSHAKE[:-1] + f',"nonce":"{C}"}}'),
    ("token twice", HANDSHAKE[:-1] + f',"token":"{TOKEN}"}}'),
    ("token twice, once escaped", HANDSHAKE[:-1] + f',"\\u0074oken":"{TOKEN}"}}'),
    ("nonce a number", f'{{"nonce":5,"token":"{TOKEN}"}}'),
    ("nonce null", f'{{"nonce":null,"token":"{TOKEN}"}}'),
    ("nonce an array", f'{{"nonce":["{C}"],"token":"{TOKEN}"}}'),
    ("token a number", f'{{"nonce":"{C}","token":5}}'),
    ("token null", f'{{"nonce":"{C}","token":null}}'),
    ("token an object", f'{{"nonce":"{C}","token":{canonical(CLAIMS)}}}'),
    ("token a lone surrogate", f'{{"nonce":"{C}","token":"\\ud800"}}'),
    ("a trailing comma", HANDSHAKE[:-1] + ",}"),
    ("cut short", HANDSHAKE[:-1]),
    ("something after it", HANDSHAKE + "x"),
    ("twice", HANDSHAKE * 2),
    ("a BOM", "\ufeff" + HANDSHAKE),
    ("a comment", HANDSHAKE + "//"),
    ("single quotes", HANDSHAKE.replace('"', "'")),
    ("a NUL after it", HANDSHAKE + "\0"),
    ("not UTF-8", HANDSHAKE.encode()[:-2] + b'\xff"}'),
    ("a deep member", concat(HANDSHAKE[:-1], ',"x":', repeat("[", 20000), repeat("]", 20000), "}")),
    ("a packet", client.sent("status", {}, 1)),
]:
    refused("malformed_packet", f"form: {comment}", text=text)
for comment, value in BAD_NONCES:
    refused("malformed_packet", f"§1 nonce {comment}", text=session.handshake(value, TOKEN))
refused("malformed_packet", "an object without token", "native", handshake={"nonce": C})
refused(
    "malformed_packet",
    "an object with a member more",
    "native",
    handshake={"nonce": C, "token": TOKEN, "v": 1},
)
refused(
    "malformed_packet", "an object whose token is no text", "native", handshake={"nonce": C, "token": [TOKEN]}
)


# Its length: 50,176 bytes of text, 8,192 of token.
def longest_token():
    """The parts of a genuine token of 8192 bytes, the middle one described, and its claims."""
    start = canonical(CLAIMS)[:-1] + ',"pad":"'
    start += "A" * (-len(start) % 3)
    units = (6068 - len(start) - 2) // 3
    text = start + "AAA" * units
    text += "A" * (6068 - len(text) - 2) + '"}'
    token = made(claims=text)
    if len(token) != 8192:
        raise ValueError(f"the longest token has {len(token)} bytes")
    before, after = token.split("QUFB" * units)
    count = text.count("A", text.index("pad"))
    claims = f'{{"engineId":"engine-7","exp":{EXP},"pad":"', repeat("A", count), '","role":"engine"}'
    return before, units, after, concat(*claims)


def escaped(text):
    return "".join(f"\\u{ord(character):04x}" for character in text)


before, units, after, pad_claims = longest_token()
plain = concat(before, repeat("QUFB", units), after)
LONGEST = concat(
    f'{{"nonce":"{escaped(C)}","token":"',
    escaped(before),
    repeat(escaped("QUFB"), units),
    escaped(after),
    '"}',
)
room = 50176 - len(expand(LONGEST))
for comment, text in [
    ("a token of 8192 bytes", concat(f'{{"nonce":"{C}","token":"', plain, '"}')),
    ("a token of 8192 bytes, every one escaped", LONGEST),
    ("50,176 bytes", concat(LONGEST, repeat(" ", room))),
]:
    end = Server(handshake)
    end.ok(
        f"§8 length: {comment}", "accept", {"peer": "engine-7", "claims_text": pad_claims}, **accepting(text)
    )
refused("payload_too_large", "length: 50,177 bytes", text=concat(LONGEST, repeat(" ", room + 1)))
refused("payload_too_large", "length before form", text=repeat("[", 50177))
refused("malformed_packet", "length: 50,176 bytes that are no handshake", text=repeat("[", 50176))
refused(
    "token_too_large",
    "§6 a token of 8193 bytes",
    text=concat(f'{{"nonce":"{C}","token":"', plain, 'A"}'),
)

# Its token.
EXPIRED = made(claims=canonical(CLAIMS | {"exp": TS - 30}))
FOREIGN = made(claims=canonical(CLAIMS), secret=OTHER_SECRET)
for code, comment, token, changed in [
    ("malformed_token", "empty", "", {}),
    ("malformed_token", "white space before it", " " + TOKEN, {}),
    ("malformed_token", "not ASCII", TOKEN + "\u00e9", {}),
    ("unsupported_algorithm", "without signature", made('{"alg":"none"}'), {}),
    ("unknown_key", "of another key", TOKEN, {"keys": [auth(id="auth-2")]}),
    ("unknown_key", "of a key that is not for tokens", TOKEN, {"keys": [key("auth-1")]}),
    ("revoked_key", "of a revoked key", TOKEN, {"keys": [auth(revoked=True)]}),
    ("inactive_key", "of an inactive key", TOKEN, {"keys": [auth(not_after=TS)]}),
    ("bad_signature", "forged", FOREIGN, {}),
    ("token_expired", "expired", EXPIRED, {}),
    ("token_not_yet_valid", "not yet valid", made(claims=canonical(CLAIMS | {"nbf": TS + 31})), {}),
    ("claim_missing", "without exp", made(claims='{"engineId":"engine-7","role":"engine"}'), {}),
    ("claim_missing", "without role", made(claims=f'{{"engineId":"engine-7","exp":{EXP}}}'), {}),
    ("claim_mismatch", "of another role", made(claims=canonical(CLAIMS | {"role": "admin"})), {}),
    ("claim_mismatch", "for another audience", made(claims=canonical(CLAIMS | {"aud": "vault"})), {}),
    (
        "token_revoked",
        "revoked",
        made(claims=canonical(CLAIMS | {"jti": "t-1"})),
        {"policy": POLICY | {"revoked": ["t-1"]}},
    ),
]:
    refused(code, f"§6 a token {comment}", text=session.handshake(C, token), **changed)
refused(
    "bad_signature",
    "it ends the session also where packets are refused and it is kept",
    end=Server(handshake, on_refusal="keep"),
    text=session.handshake(C, FOREIGN),
)
refused("malformed_packet", "the form before the token", text=session.handshake(C[:-1], FOREIGN))
refused(
    "payload_too_large",
    "the length before the token",
    text=concat(session.handshake(C, FOREIGN), repeat(" ", 50000)),
)

# Its client: the identity that the token names, a name of §1.
for comment, name in [
    ("of one character", "e"),
    ("of 64 characters", "e" * 64),
    ("of every kind of character", "AZaz09._~-"),
    ("that differs from the server's in case", "Hub"),
    ("that begins as the server's", "hub-1"),
]:
    end = Server(handshake)
    end.peer = name
    end.accept(f"an identity {comment}", claims=CLAIMS | {"engineId": name})
for comment, name in [
    ("empty", ""),
    ("of 65 characters", "e" * 65),
    ("with a space", "engine 7"),
    ("with >", "engine-7>hub"),
    ("with :", "engine-7:x"),
    ("with @", "engine-7@x"),
    ("with LF", "engine-7\n"),
    ("with NUL", "engine-7\0"),
    ("not ASCII", "\u00e9ngine"),
    ("a number", 7),
    ("true", True),
    ("null", None),
    ("an array", ["engine-7"]),
    ("an object", {"id": "engine-7"}),
]:
    text = session.handshake(C, made(claims=canonical(CLAIMS | {"engineId": name})))
    refused("claim_invalid", f"an identity {comment}", text=text, policy={})
ANONYMOUS = {"exp": EXP, "role": "engine", "sub": "engine-7"}
anonymous = session.handshake(C, made(claims=canonical(ANONYMOUS)))
refused("claim_missing", "no identity, and no rule that demands one", text=anonymous, policy={})
refused("claim_missing", "no identity, and a rule that demands one", text=anonymous)
for name in ("sub", "\u00e9" * 128):
    end = Server(handshake, identity=name)
    end.accept("§8 an identity in another claim", claims={"exp": EXP, name: "engine-7"}, policy={})
end = Server(handshake, identity="EngineId")
refused("claim_missing", "the claim's name compares exactly", end=end)
end = Server(handshake, identity="exp")
refused("claim_invalid", "an identity that is a time", end=end)
refused(
    "caller_not_allowed",
    "a client of the server's name",
    "hostile",
    text=session.handshake(C, made(claims=canonical(CLAIMS | {"engineId": "hub"}))),
)
refused(
    "claim_mismatch",
    "the token before its identity",
    text=session.handshake(C, made(claims=canonical(CLAIMS | {"engineId": "hub", "role": "admin"}))),
)
handshake.refused(
    "§8 a client that bears the server's name",
    {"op": "session.client", "session": "reflection", **connecting(key=key("engine-7", owner="hub"))},
    "caller_not_allowed",
    "hostile",
)

# Its time.
end = Server(handshake)
end.accept("in the last second of its window", now=TS + 10)
end.welcome("welcomed in the last second", now=TS + 10)
refused("heartbeat_missed", "a second after its window", now=TS + 11)
refused("heartbeat_missed", "its window before its form", text="{", now=TS + 11)
end = Server(handshake)
end.accept()
end.refused("heartbeat_missed", "welcomed a second after the window", "welcome", **welcoming(now=TS + 11))
end.ended("heartbeat_missed")
end = Client(handshake)
end.establish("welcomed in the last second", now=TS + 10)
end = Client(handshake)
text = session.welcome(bytes(range(32)), "hub-1", TS + 11, "hub", "engine-7", C, nonce(1))
end.refused(
    "heartbeat_missed", "welcomed a second after the window", "establish", packet_text=text, now=TS + 11
)
end.ended("heartbeat_missed")
for window in (1, 3600):
    for made_end in (Server(handshake, handshake_window=window), Client(handshake, handshake_window=window)):
        made_end.due(f"a window of {window} s: its last second", TS + window, False)
        made_end.refused("heartbeat_missed", f"a window of {window} s: over", "poll", now=TS + window + 1)
        made_end.ended("heartbeat_missed")
end = Server(handshake)
end.accept("a clock that steps back ends nothing", now=TS - 100)
end.due("nor does it prolong the window", TS + 10, False)
end.refused("heartbeat_missed", "which ends where it would have", "poll", now=TS + 11)
end = Server(handshake, "a server's end in the last second there is", now=LAST)
end.look("its deadline is a time", "handshake", deadline=LAST)
end.due("it lives to the end of time", LAST, False)

# A token that ends before the client is welcomed.
end = Server(handshake)
end.accept("a token in its last seconds", claims=CLAIMS | {"exp": TS - 25})
end.look("the token's end is the deadline", "handshake", peer="engine-7", deadline=TS + 5)
end.due("the token holds", TS + 4, False)
end.refused("token_expired", "no welcome for a token that expired", "welcome", **welcoming(now=TS + 5))
end.ended("token_expired")

# Arguments: nothing ends.
end = Server(handshake)
for value in (-1, TS + 0.5, LAST + 1, str(TS), True, [TS]):
    end.refused("malformed_argument", f"§4 now {value!r}", "accept", **accepting(now=value))
end.refused("malformed_argument", "§6 the policy", "accept", **accepting(policy={"x": 1}))
end.refused("malformed_key", "§1 the ring", "accept", **accepting(keys=[auth(), auth()]))
end.accept("none of them ended it")
end.refused("malformed_argument", "the welcome's key is another owner's", "welcome", **welcoming(key=ENGINE))
end.refused(
    "malformed_argument", "owners compare exactly", "welcome", **welcoming(key=key("hub-1", owner="Hub"))
)
token_key = key("hub-1", owner="hub", uses=["token"])
end.refused(
    "malformed_argument", "§1 the welcome's key is not for packets", "welcome", **welcoming(key=token_key)
)
end.refused("malformed_key", "§1 the client's keys", "welcome", **welcoming(keys=[ENGINE, ENGINE]))
for comment, value in BAD_NONCES:
    end.refused(
        "malformed_argument", f"§1 the welcome's nonce {comment}", "welcome", **welcoming(nonce=value)
    )
for value in (-1, OPENED + 0.5, LAST + 1, str(OPENED), True, [OPENED]):
    end.refused("malformed_argument", f"§4 now {value!r}", "welcome", **welcoming(now=value))
end.welcome("none of them ended it")
for code, comment, options in [
    ("revoked_key", "is revoked", {"revoked": True}),
    ("inactive_key", "is inactive from this second on", {"not_after": OPENED}),
    ("inactive_key", "is not active yet", {"not_before": OPENED + 1}),
]:
    end = Server(handshake)
    end.accept()
    bad = key("hub-1", owner="hub", **options)
    end.refused(code, f"§1 the welcome's key {comment}", "welcome", **welcoming(key=bad))
    end.ended(code)
