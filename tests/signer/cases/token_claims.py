"""Claims: wire contract section 6. Their grammar, times and registered names."""

from canonical import canonical
from case import Subject
from fixtures import LAST, NOW
from reading import EXP, claimed, claiming

tokens = Subject(
    "token-claims", "Tokens: claims' grammar, times, registered claims (wire contract section 6)"
)
SUBJECTS = [tokens]


def passes(comment, claims, policy=None, now=NOW, answer=None):
    tokens.ok(f"§6 {comment}", claiming(claims, policy, now), {"claims_text": answer or canonical(claims)})


def refused(code, comment, claims, policy=None, now=NOW):
    tokens.refused(f"§6 {comment}", claiming(claims, policy, now), code)


# Claims: one JSON object as section 2 reads it, judged after the signature. What is handed over is in RFC 8785 form.
for comment, text, answer in [
    ("white space", f' {{ "exp" :\t{EXP} ,\r\n"a" : [ ] }} ', f'{{"a":[],"exp":{EXP}}}'),
    ("names out of order", f'{{"z":1,"exp":{EXP},"a":2}}', f'{{"a":2,"exp":{EXP},"z":1}}'),
    ("escapes", f'{{"\\u0065xp":{EXP},"a":"\\u0041\\/"}}', f'{{"a":"A/","exp":{EXP}}}'),
    ("numbers", f'{{"exp":{EXP}.0,"a":1E2}}', f'{{"a":100,"exp":{EXP}}}'),
    ("exp with an exponent", '{"exp":1.708253634e9}', '{"exp":1708253634}'),
    (
        "an integer beyond 2^53 in RFC 8785 form",
        f'{{"a":12345678901234567000,"exp":{EXP}}}',
        f'{{"a":12345678901234567000,"exp":{EXP}}}',
    ),
    (
        "text beyond ASCII",
        f'{{"a":"\u20ac\U0001f600","exp":{EXP}}}',
        f'{{"a":"\u20ac\U0001f600","exp":{EXP}}}',
    ),
    ("depth 64", f'{{"a":{"[" * 63}{"]" * 63},"exp":{EXP}}}', f'{{"a":{"[" * 63}{"]" * 63},"exp":{EXP}}}'),
    ("__proto__", f'{{"__proto__":{{"a":1}},"exp":{EXP}}}', f'{{"__proto__":{{"a":1}},"exp":{EXP}}}'),
]:
    passes(f"claims: {comment}", text, answer=answer)
for comment, text in [
    ("empty", ""),
    ("null", "null"),
    ("an array", "[]"),
    ("an array of claims", f'[{{"exp":{EXP}}}]'),
    ("text", '"exp"'),
    ("a number", str(EXP)),
    ("broken", f'{{"exp":{EXP}'),
    ("text behind", f'{{"exp":{EXP}}}x'),
    ("two objects", f'{{"exp":{EXP}}}{{}}'),
    ("a trailing comma", f'{{"exp":{EXP},}}'),
    ("exp twice", f'{{"exp":{EXP},"exp":{EXP}}}'),
    ("exp twice, once escaped", f'{{"exp":1,"\\u0065xp":{EXP}}}'),
    ("a custom claim twice", f'{{"exp":{EXP},"role":"user","role":"admin"}}'),
    ("a member twice at depth", f'{{"exp":{EXP},"a":{{"b":[{{"c":1,"c":1}}]}}}}'),
    ("BOM", f'\ufeff{{"exp":{EXP}}}'),
    ("a lone surrogate", f'{{"exp":{EXP},"a":"\\ud800"}}'),
    ("a lone surrogate as a name", f'{{"exp":{EXP},"\\udc00":1}}'),
    ("2^53+1, of which every language made another number", f'{{"exp":{EXP},"a":9007199254740993}}'),
    ("exp of 2^64", '{"exp":18446744073709551616}'),
    ("exp of 1e400", '{"exp":1e400}'),
    ("exp NaN", '{"exp":NaN}'),
    ("exp with a leading zero", f'{{"exp":0{EXP}}}'),
    ("a raw control character", f'{{"exp":{EXP},"a":"\t"}}'),
    ("depth 65", f'{{"a":{"[" * 64}{"]" * 64},"exp":{EXP}}}'),
    ("depth 1,000", f'{{"a":{"[" * 1000}{"]" * 1000},"exp":{EXP}}}'),
    ("depth 2,900, never closed", "[" * 2900),
    ("invalid UTF-8", f'{{"exp":{EXP},"a":"'.encode() + b'\xff"}'),
    ("an encoded surrogate", f'{{"exp":{EXP},"a":"'.encode() + b'\xed\xa0\x80"}'),
]:
    refused("malformed_token", f"claims: {comment}", text)

# exp is required; exp, nbf and iat are numbers from 0 to 253402300799, fractions allowed.
refused("claim_missing", "no claims at all: exp is required", {})
refused("claim_missing", "exp absent", {"iat": NOW, "sub": "a"})
refused("claim_missing", "Exp is another name", {"Exp": EXP})
WRONG = [
    ("text", str(EXP)),
    ("null", None),
    ("true", True),
    ("false", False),
    ("an array", [EXP]),
    ("an object", {}),
    ("-1", -1),
    ("-0.5", -0.5),
]
for name in ("exp", "nbf", "iat"):
    for comment, value in WRONG:
        refused("claim_invalid", f"{name} {comment}", claimed(**{name: value}))
    for text in (
        "253402300800",
        "253402300799.5",
        "18446744073709552000",
        "1e21",
        "1e308",
        "9007199254740992",
    ):
        others = "" if name == "exp" else f',"exp":{EXP}'
        refused("claim_invalid", f"{name} {text}", f'{{"{name}":{text}{others}}}')
passes("exp at the last time", claimed(exp=LAST))
passes("exp at the last time, at the last time", claimed(exp=LAST), now=LAST)
passes("exp 0, at time 0 within the leeway", claimed(exp=0), now=0)
passes("exp -0, which is 0", '{"exp":-0}', now=29, answer='{"exp":0}')
refused("token_expired", "exp 0, at the leeway", claimed(exp=0), now=30)

# Time: refused if now >= exp + leeway, nbf > now + leeway, iat > now + leeway.
passes("29 seconds after exp", claimed(exp=NOW - 29))
refused("token_expired", "30 seconds after exp", claimed(exp=NOW - 30))
refused("token_expired", "a year after exp", claimed(exp=NOW - 31_536_000))
passes("29.5 seconds after exp", claimed(exp=NOW - 29.5))
refused("token_expired", "30.5 seconds after exp", claimed(exp=NOW - 30.5))
passes("at nbf", claimed(nbf=NOW))
for name in ("nbf", "iat"):
    passes(f"{name} long past", claimed(**{name: 0}))
    passes(f"{name} 30 seconds ahead", claimed(**{name: NOW + 30}))
    refused("token_not_yet_valid", f"{name} 31 seconds ahead", claimed(**{name: NOW + 31}))
    passes(f"{name} 29.5 seconds ahead", claimed(**{name: NOW + 29.5}))
    refused("token_not_yet_valid", f"{name} 30.5 seconds ahead", claimed(**{name: NOW + 30.5}))
    refused("token_not_yet_valid", f"{name} at the last time", claimed(**{name: LAST}))
for leeway in (0, 1, 300):
    policy = {"leeway": leeway}
    passes(f"leeway {leeway}: a second before exp is over", claimed(exp=NOW - leeway + 1), policy)
    refused("token_expired", f"leeway {leeway}: exp is over", claimed(exp=NOW - leeway), policy)
    for name in ("nbf", "iat"):
        passes(f"leeway {leeway}: {name} at its edge", claimed(**{name: NOW + leeway}), policy)
        refused(
            "token_not_yet_valid",
            f"leeway {leeway}: {name} beyond",
            claimed(**{name: NOW + leeway + 1}),
            policy,
        )

# max_age: iat is required, and now > iat + max_age + leeway is token_expired.
AGED = {"max_age": 100}
passes("max_age: at its edge", claimed(iat=NOW - 130), AGED)
refused("token_expired", "max_age: a second beyond", claimed(iat=NOW - 131), AGED)
refused("token_expired", "max_age: half a second beyond", claimed(iat=NOW - 130.5), AGED)
refused("claim_missing", "max_age: iat absent", claimed(), AGED)
refused("claim_invalid", "max_age: iat text", claimed(iat=str(NOW)), AGED)
refused("token_not_yet_valid", "max_age: iat ahead", claimed(iat=NOW + 31), AGED)
passes("max_age 1 and leeway 0: at its edge", claimed(iat=NOW - 1), {"max_age": 1, "leeway": 0})
refused("token_expired", "max_age 1 and leeway 0: beyond", claimed(iat=NOW - 2), {"max_age": 1, "leeway": 0})
refused("token_expired", "max_age does not prolong exp", claimed(iat=NOW - 10, exp=NOW - 30), AGED)

# iss, sub, aud.
for name, option in (("iss", "issuer"), ("sub", "subject")):
    policy = {option: "auth.example"}
    passes(f"{name} equal", claimed(**{name: "auth.example"}), policy)
    refused("claim_missing", f"{name} absent", claimed(), policy)
    for value in (5, None, True, [], ["auth.example"], {}):
        refused("claim_invalid", f"{name} {value!r}", claimed(**{name: value}), policy)
        passes(f"{name} {value!r}, none configured", claimed(**{name: value}))
    for value in ("", "Auth.example", "auth.example ", "auth.example/", "auth.exampl", "auth.example\0"):
        refused("claim_mismatch", f"{name} {value!r}", claimed(**{name: value}), policy)
    passes(f"{name} beyond ASCII", claimed(**{name: "\u00e9"}), {option: "\u00e9"})
    refused("claim_mismatch", f"{name} is not normalised", claimed(**{name: "e\u0301"}), {option: "\u00e9"})
for configured in ("svc", ["svc"], ["other", "svc"]):
    policy = {"audience": configured}
    for value in ("svc", ["svc"], ["svc", "x"], ["x", "svc"]):
        passes(f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
    refused("claim_missing", f"aud absent for {configured!r}", claimed(), policy)
    for value in ("", "Svc", "sv", "svc2", "x", [], ["x"], ["svc2", "Svc"], [""]):
        refused("claim_mismatch", f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
    for value in (5, None, True, {}, {"svc": 1}, [5], ["svc", 5], [["svc"]], [None]):
        refused("claim_invalid", f"aud {value!r} for {configured!r}", claimed(aud=value), policy)
for value in ("svc", ["svc"], [], "", 5, None, [5]):
    refused("claim_mismatch", f"aud {value!r}, none configured", claimed(aud=value))
