"""The replay guard: wire contract section 5. Sequences of calls on named guards; every packet is genuine unless it says otherwise."""

from case import Subject
from cases.parts import sig as parts_sig
from fixtures import (
    CONTEXT,
    LAST,
    OTHER_SECRET,
    assembled,
    evidence,
    key,
    members,
    nonce,
    sealed,
    sealed_bytes,
    verifying,
)
from packet import b64url

guard = Subject(
    "guard", "The replay guard, and the nonce claimed last and once (wire contract sections 4 and 5)"
)
SUBJECTS = [guard]

T = 1_000_000
RING = [
    key("a"),
    key("a2", owner="a"),
    key("b", OTHER_SECRET),
    key("c", bytes(range(64, 96))),
    key("d", bytes(range(96, 128))),
]
SECRETS = {
    "a": bytes(range(32)),
    "a2": bytes(range(32)),
    "b": OTHER_SECRET,
    "c": bytes(range(64, 96)),
    "d": bytes(range(96, 128)),
}
OWNERS = {"a": "a", "a2": "a", "b": "b", "c": "c", "d": "d"}


class Guarded:
    """One guard and the calls on it."""

    def __init__(self, name, capacity, **options):
        self.name = f"guard-{name}"
        guard.ok(
            f"§5 guard {name}: capacity {capacity}",
            {"op": "guard.new", "name": self.name, "capacity": capacity, **options},
            {},
        )

    def fresh(self, comment, number, kid="a", ts=T, now=None, **call):
        text = sealed(number, kid=kid, ts=ts, nonce=nonce(number), secret=SECRETS[kid])
        answer = evidence(str(number), key_id=kid, owner=OWNERS[kid], ts=ts, nonce=nonce(number))
        guard.ok(f"§5 {comment}", self.call(text, ts if now is None else now, **call), answer)

    def refused(self, code, comment, number, kid="a", ts=T, now=None, **call):
        text = sealed(number, kid=kid, ts=ts, nonce=nonce(number), secret=SECRETS[kid])
        self.refused_text(code, comment, text, ts if now is None else now, **call)

    def refused_text(self, code, comment, text, now=T, **call):
        guard.refused(f"§5 {comment}", self.call(text, now, **call), code)

    def call(self, text, now, **call):
        return verifying(text, keys=RING, now=now, guard=self.name, **call)


# Once.
once = Guarded("once", 100)
once.fresh("a nonce for the first time", 1)
once.refused("replayed", "the same packet again", 1)
once.refused("replayed", "the same packet, as late as it verifies", 1, now=T + 60)
once.refused("replayed", "the same packet, as early as it verifies", 1, now=T - 5)
once.refused("expired", "the same packet, a second too late: age comes before the claim", 1, now=T + 61)
once.fresh("another nonce", 2)
once.refused("replayed", "the nonce again in a packet of another time", 1, ts=T + 1)
other_payload = sealed("other", kid="a", ts=T, nonce=nonce(1))
once.refused_text("replayed", "the nonce again with another payload", other_payload)
other_context = sealed(1, kid="a", ts=T, nonce=nonce(1), context="other")
once.refused_text("replayed", "the nonce again in another context", other_context, context="other")
as_bytes = sealed_bytes(b"x", kid="a", ts=T, nonce=nonce(1))
once.refused_text("replayed", "the nonce again for raw bytes", as_bytes)
once.fresh("the nonce under another key of the same owner", 1, kid="a2")
once.fresh("the nonce under the key of another owner", 1, kid="b")
once.refused("replayed", "and there again", 1, kid="b")
guard.refused(
    "§5 the nonce again as parts",
    {
        "op": "parts.verify",
        "keys": RING,
        "key_id": "a",
        "kind": "json",
        "body": b64url(b"1"),
        "context": CONTEXT,
        "ts": T,
        "nonce": nonce(1),
        "sig": parts_sig(b"1", kid="a", ts=T, nonce=nonce(1)),
        "now": T,
        "guard": once.name,
    },
    "replayed",
)
spaced = assembled(members(2, kid="a", ts=T, nonce=nonce(2))).replace(":", " : ")
once.refused_text("replayed", "the same packet written another way", spaced)

# Only a packet that passed every other check burns its nonce.
burn = Guarded("burn", 100)
genuine = members(3, kid="a", ts=T, nonce=nonce(3))
burn.refused_text(
    "bad_signature", "forged, with the nonce of a packet to come", assembled(genuine | {"payload": "4"})
)
burn.refused_text("bad_signature", "in the wrong context", assembled(genuine), context="other")
burn.refused_text("malformed_packet", "with a member added", assembled(genuine | {"x": "1"}))
burn.refused_text("unsupported_version", "of another version", assembled(genuine | {"v": "2"}))
burn.refused("expired", "too late", 3, now=T + 61)
burn.refused("not_yet_valid", "too early", 3, now=T - 6)
burn.refused("caller_not_allowed", "not allowed", 3, allow=["b"])
burn.refused("malformed_argument", "with a bad argument", 3, max_age=0)
guard.refused(
    "§5 with a revoked key",
    verifying(assembled(genuine), keys=[key("a", revoked=True)], now=T, guard=burn.name),
    "revoked_key",
)
burn.fresh("none of these burned the genuine packet's nonce", 3)
burn.refused("replayed", "but the genuine packet did", 3)
burn.refused_text(
    "bad_signature", "4 before 8: forged and its nonce used", assembled(genuine | {"payload": "4"})
)
burn.refused("not_yet_valid", "6 before 8: too early and its nonce used", 3, now=T - 6)
burn.refused("caller_not_allowed", "7 before 8: not allowed and its nonce used", 3, allow=["b"])

# Without a guard's name, each call has a fresh one; a new guard has forgotten; two guards know nothing of each other.
for attempt in ("first", "second"):
    text = sealed(5, kid="a", ts=T, nonce=nonce(5))
    guard.ok(
        f"§5 without a guard: a packet for the {attempt} time",
        verifying(text, keys=RING, now=T) | ({"max_age": 60} if attempt == "second" else {}),
        evidence("5", key_id="a", ts=T, nonce=nonce(5)),
    )
one = Guarded("one", 10, scope="one")
two = Guarded("two", 10, scope="two")
one.fresh("in the scope of one", 5)
two.fresh("in the scope of another", 5)
one.refused("replayed", "again in the first", 5)
two.refused("replayed", "again in the second", 5)
one = Guarded("one", 10, scope="one")
one.fresh("a guard made anew has forgotten", 5)
two.refused("replayed", "which is nothing to another guard", 5)
guard.refused(
    "§4 a guard that does not exist",
    verifying(text, keys=RING, now=T, guard="guard-none"),
    "malformed_argument",
)

# Capacity and the owner's share: half of it, rounded up.
tiny = Guarded("capacity-1", 1)
tiny.fresh("the only place", 1)
tiny.refused("replayed", "replayed before the share and before full", 1)
tiny.refused("rate_limited", "the share before full: the same owner", 2)
tiny.refused("replay_guard_full", "full: another owner", 2, kid="b")
tiny.refused(
    "replay_guard_full", "full still, as late as the entry lives", 2, kid="b", ts=T + 120, now=T + 120
)
tiny.fresh("one second later the place is free", 3, kid="b", ts=T + 121)
tiny.refused("replay_guard_full", "and taken", 4, kid="a", ts=T + 121)

pair = Guarded("capacity-2", 2)
pair.fresh("the first of two, owner a", 1)
pair.refused("rate_limited", "owner a's share is one of two", 2)
pair.refused("rate_limited", "whichever of the owner's keys", 2, kid="a2")
pair.fresh("the second of two, owner b", 1, kid="b")
pair.refused("rate_limited", "owner b's share too", 2, kid="b")
pair.refused("replay_guard_full", "full for owner c", 1, kid="c")
pair.refused("replayed", "nothing live was evicted", 1)
pair.refused("replayed", "nor this", 1, kid="b")
pair.fresh("discarded after its time, owner c", 1, kid="c", ts=T + 121)
pair.fresh("and owner a, whose share is free again", 2, ts=T + 121)
pair.refused("rate_limited", "which it has used", 3, ts=T + 121)

odd = Guarded("capacity-3", 3)
odd.fresh("the first of three, owner a", 1)
odd.fresh("half of three, rounded up, is two", 2)
odd.refused("rate_limited", "not three", 3)
odd.refused("rate_limited", "by another key of the owner", 3, kid="a2")
odd.fresh("owner b has the third", 1, kid="b")
odd.refused("replay_guard_full", "owner b's share is not used up, but the guard is full", 2, kid="b")
odd.refused("rate_limited", "owner a's is: the share before full", 4)

even = Guarded("capacity-4", 4)
even.fresh("the first of four, owner a", 1)
even.fresh("the second, by another key", 2, kid="a2")
even.refused("rate_limited", "half of four is two", 3)
even.fresh("the third, owner b", 1, kid="b")
even.fresh("the fourth, owner c", 1, kid="c")
even.refused("replay_guard_full", "full, owner d", 1, kid="d")
even.refused("replay_guard_full", "full, owner b", 2, kid="b")
even.refused("bad_signature", "4 before 8: forged, and full", 1, kid="d", context="other")
even.refused("caller_not_allowed", "7 before 8: not allowed, and full", 1, kid="d", allow=["a"])

part = Guarded("capacity-4-in-part", 4)
part.fresh("owner a's first, kept until T + 120", 1)
part.fresh("owner a's second, kept until T + 180", 2, ts=T + 60)
part.refused("rate_limited", "owner a has two of four", 3, ts=T + 60)
part.fresh("owner a's first discarded: one place of the share is free", 3, ts=T + 121)
part.refused("rate_limited", "and no more than one", 4, ts=T + 121)
part.refused("replayed", "owner a's second lives still", 2, ts=T + 60, now=T + 120)

# Expiry, and a clock stepped back: retain-until is ts + max_age + 60.
floor = Guarded("floor", 10)
floor.fresh("claimed at T, kept until T + 120", 1)
floor.fresh("at T + 120 it lives still", 2, kid="b", ts=T + 120)
floor.refused("replayed", "the clock stepped back: known", 1, now=T)
floor.fresh("at T + 121 it is discarded: floor T + 120", 3, kid="b", ts=T + 121)
floor.refused("expired", "the clock stepped back: nothing is revived", 1, now=T)
floor.refused("expired", "not even for a nonce never seen", 4, kid="c", now=T)
floor.refused("expired", "retain-until at the floor", 5, kid="c", ts=T, now=T + 60)
floor.fresh("retain-until a second above the floor", 6, kid="c", ts=T + 1, now=T + 1)
floor.fresh("with another max_age, retain-until above the floor", 7, kid="c", ts=T, max_age=61)
floor.refused("expired", "with a smaller max_age, below it", 8, kid="c", ts=T + 1, max_age=59)
floor.refused("replayed", "what is live is known still", 2, kid="b", ts=T + 120, now=T + 120)

# The floor is the highest retain-until ever discarded, and a refused claim discards too.
highest = Guarded("highest", 10)
highest.fresh("kept until T + 120", 1)
highest.fresh("kept until T + 110", 2, kid="b", ts=T - 10, now=T)
highest.fresh("both discarded at once", 3, kid="c", ts=T + 200)
highest.refused("expired", "the floor is the higher", 4, kid="b", ts=T)
highest.fresh("a second above", 5, kid="b", ts=T + 1)
discarding = Guarded("discarding", 10)
discarding.fresh("kept until T + 120", 1)
discarding.fresh("kept until T + 181", 2, kid="b", ts=T + 61)
discarding.refused_text(
    "bad_signature",
    "a forged packet at T + 121 claims nothing",
    sealed(3, kid="a", ts=T + 121, context="other"),
    now=T + 121,
)
discarding.refused("replayed", "and so discards nothing", 1)
discarding.refused("replayed", "a replay at T + 121 is a claim", 2, kid="b", ts=T + 61, now=T + 121)
discarding.refused("expired", "and has discarded the first", 1)
long = Guarded("max-age", 10)
long.fresh("max_age 3600: kept until T + 3660", 1, max_age=3600)
long.refused("replayed", "known after an hour", 1, now=T + 3600, max_age=3600)
long.fresh("max_age 1: kept until T + 61", 2, kid="b", max_age=1)
long.fresh("at T + 62 that is discarded: floor T + 61", 3, kid="b", ts=T + 62)
long.refused("expired", "expired before replayed: a live entry, asked for with a max_age of 1", 1, max_age=1)
long.refused("replayed", "with its own max_age it is known", 1, max_age=3600)

# The fence: a guard that began empty at `start` refuses ts up to start + max_ahead.
fence = Guarded("fence", 10, start=T)
fence.refused("replay_guard_starting", "ts before start", 1, ts=T - 1)
fence.refused("replay_guard_starting", "ts at start", 1, ts=T)
fence.refused("replay_guard_starting", "ts at start + max_ahead", 1, ts=T + 5)
fence.refused("replay_guard_starting", "the same, as late as it verifies", 1, ts=T + 5, now=T + 65)
fence.fresh("ts a second later", 1, ts=T + 6)
fence.fresh("the same, seen early", 2, ts=T + 6, now=T + 1)
fence.refused(
    "replay_guard_starting", "a max_ahead of 6 widens the fence, before replayed", 1, ts=T + 6, max_ahead=6
)
fence.fresh("a max_ahead of 1 narrows it", 3, kid="b", ts=T + 2, max_ahead=1)
fence.refused("replay_guard_starting", "to T + 1", 4, kid="b", ts=T + 1, max_ahead=1)
fence.refused("expired", "6 before 8: too old, and fenced", 5, ts=T, now=T + 61)
fence.refused("caller_not_allowed", "7 before 8: not allowed, and fenced", 5, ts=T, allow=["b"])
first = Guarded("fence-full", 1, start=T)
first.fresh("the only place", 1, ts=T + 6)
first.refused("replay_guard_starting", "the fence before the share", 2, ts=T + 5)
first.refused("replay_guard_starting", "the fence before full", 2, kid="b", ts=T + 5)
below = Guarded("fence-floor", 10, start=T)
below.fresh("max_age 1: kept until T + 67", 1, ts=T + 6, max_age=1)
below.fresh("at T + 68 it is discarded", 2, kid="b", ts=T + 68)
below.refused("expired", "the floor before the fence", 3, ts=T + 5, max_age=1)
below.refused("replay_guard_starting", "above the floor, the fence", 3, ts=T + 5)
for start, last in ((0, None), (1, 6)):
    edge = Guarded(f"start-{start}", 10, start=start)
    if last is None:
        edge.fresh("start 0 is no fence: ts 0", 1, ts=0)
        edge.fresh("start 0 is no fence: ts 5", 2, ts=5)
    else:
        edge.refused("replay_guard_starting", "start 1 is a fence: ts 0", 1, ts=0)
        edge.refused("replay_guard_starting", "start 1 is a fence: ts 6", 2, ts=last)
        edge.fresh("start 1: ts 7", 3, ts=last + 1)
absent = Guarded("start-absent", 10)
absent.fresh("no start is start 0: ts 0", 1, ts=0)
end = Guarded("start-last", 10, start=LAST)
end.refused("replay_guard_starting", "start at the last time", 1, ts=LAST)
end = Guarded("last-time", 10)
end.fresh("ts at the last time", 1, ts=LAST)
end.refused("replayed", "and again", 1, ts=LAST)

# What a guard is made of.
for comment, options in [
    ("capacity 0", {"capacity": 0}),
    ("capacity -1", {"capacity": -1}),
    ("capacity 1.5", {"capacity": 1.5}),
    ("capacity beyond the largest", {"capacity": 10**18}),
    ("capacity as text", {"capacity": "10"}),
    ("capacity true", {"capacity": True}),
    ("capacity an array", {"capacity": [10]}),
    ("start -1", {"start": -1}),
    ("start 1.5", {"start": 1.5}),
    ("start beyond the last time", {"start": LAST + 1}),
    ("start as text", {"start": str(T)}),
    ("start true", {"start": True}),
    ("scope with a space", {"scope": "a b"}),
    ("scope with LF", {"scope": "a\n"}),
    ("scope of 65 characters", {"scope": "a" * 65}),
    ("scope beyond ASCII", {"scope": "\u00e9"}),
    ("scope a number", {"scope": 5}),
    ("scope an array", {"scope": ["a"]}),
]:
    guard.refused(
        f"§5 {comment}",
        {"op": "guard.new", "name": "guard-refused", "capacity": 10} | options,
        "malformed_argument",
    )
guard.refused(
    "§5 a guard that was refused does not exist",
    verifying(text, keys=RING, now=T, guard="guard-refused"),
    "malformed_argument",
)
for comment, scope in [
    ("an empty scope", ""),
    ("a scope of one character", "s"),
    ("a scope of 64 characters", "s" * 64),
    ("every kind of character", "AZaz09._~-"),
]:
    Guarded(f"scope-{len(scope)}-{comment.replace(' ', '-')}", 10, scope=scope).fresh(comment, 1)
