"""What the wire contract and the RFCs print. The expected values are typed from there and held against the signer."""

import base64

import packet
import request
import sending
import tokens
from case import Subject
from derive import derive
from fixtures import NONCE, NOW, SECRET, TS, evidence, hexed, key, sealed, sealed_bytes, signing, verifying

golden = Subject("golden", "Golden vectors: wire contract section 9, RFC 7515 A.1")
SUBJECTS = [golden]

JSON_PACKET = (
    '{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw",'
    '"payload":{"a":"\\u0007\\n\\"\\\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null},'
    '"sig":"1v-poh--kq5rgAY2M_I-7YNcV1sTIjyGtFJnlqZgLxI"}'
)
PAYLOAD = '{"a":"\\u0007\\n\\"\\\\/","job":42,"né":[1,1e+21,1e-7,0],"status":"FINISHED","€":null}'
PAYLOAD_AS_WRITTEN = ' { "status":"FINISHED", "job":42, "n\\u00e9":[1.0,1E21,0.0000001,-0], "€":null, "a":"\\u0007\\n\\"\\\\\\/" } '
BYTES_PACKET = (
    '{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw",'
    '"data":"AP8K","sig":"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU"}'
)
REPLAY_TAG = "La1atj-IF2vmdSuw5Cw9DA"
DERIVED = "hex:9245504b2a38180156be86cf8c860f057ef295d2ecdb984728ddac2a843bdf52"
TICKET_NONCE = "EBESExQVFhcYGRobHB0eHw"
TICKET = "hex:10115b70d24a40355f97341616274e8e7e9efe00288214b60b76ca9b389e3418"
CLAIMS = '{"userId":"dev-user","iat":1708167234,"exp":1708253634}'
TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImF1dGgtMSJ9"
    ".eyJ1c2VySWQiOiJkZXYtdXNlciIsImlhdCI6MTcwODE2NzIzNCwiZXhwIjoxNzA4MjUzNjM0fQ"
    ".JneEW1kLbF6e-wApFZVqMvOFSRwir_rvUERQ9kV4Dw0"
)
WELCOME_CONTEXT = "hub>engine-7:welcome@AAECAwQFBgcICQoLDA0ODw"
WELCOME = (
    '{"v":1,"kid":"hub-1","ts":1708167235,"nonce":"EBESExQVFhcYGRobHB0eHw",'
    '"payload":{"session":"EBESExQVFhcYGRobHB0eHw"},"sig":"FzAPGwwl9jcsqIy_k76eh1_Nc6OVNhnXgj2yE9gA6GQ"}'
)
REQUEST_URL = "http://vault.internal:8200/a%2Fb/execute?x=1&y=%C3%A9"
REQUEST_FIELDS = [
    ["Content-Digest", "sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:"],
    [
        "Signature-Input",
        'counterseal=("@method" "@authority" "@path" "@query" "content-digest" "content-type");created=1708167234'
        ';nonce="AAECAwQFBgcICQoLDA0ODw";keyid="gateway-1";alg="hmac-sha256";tag="counterseal"',
    ],
    ["Signature", "counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:"],
]
REQUEST_BASE = """\
"@method": POST
"@authority": vault.internal:8200
"@path": /a%2Fb/execute
"@query": ?x=1&y=%C3%A9
"content-digest": sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:
"content-type": application/json
"@signature-params": ("@method" "@authority" "@path" "@query" "content-digest" "content-type");created=1708167234;nonce="AAECAwQFBgcICQoLDA0ODw";keyid="gateway-1";alg="hmac-sha256";tag="counterseal\""""
BARE_FIELDS = [
    [
        "Signature-Input",
        'counterseal=("@method" "@authority" "@path" "@query");created=1708167234'
        ';nonce="AAECAwQFBgcICQoLDA0ODw";keyid="gateway-1";alg="hmac-sha256";tag="counterseal"',
    ],
    ["Signature", "counterseal=:w4ApFBFeQ2OQCUuNWYgAWJRyLWFbPRZpD9OrXVGsjko=:"],
]
BARE_BASE = """\
"@method": GET
"@authority": vault.internal
"@path": /
"@query": ?
"@signature-params": ("@method" "@authority" "@path" "@query");created=1708167234;nonce="AAECAwQFBgcICQoLDA0ODw";keyid="gateway-1";alg="hmac-sha256";tag="counterseal\""""
# RFC 9421 B.2.5, with the secret of B.1.5.
RFC9421_KEY = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
RFC9421_SIGNATURE = ":pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:"
RFC7515_KEY = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
RFC7515_TOKEN = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)


def same(name, computed, printed):
    """Stops the build where the signer and the printed value disagree."""
    if computed != printed:
        raise ValueError(f"{name}: computed {computed}, printed {printed}")


same("JSON packet", sealed(text=PAYLOAD), JSON_PACKET)
same("bytes packet", sealed_bytes(b"\x00\xff\n", context=""), BYTES_PACKET)
same("replay tag", packet.replay_tag("", "packet-1", "engine-7", NONCE), REPLAY_TAG)
same("derived key", derive(SECRET, "worker", "w-12", "w-12.3"), DERIVED)
same("ticket secret", derive(SECRET, "ticket", "page-1", f"{TICKET_NONCE}.1708170834"), TICKET)
same("token", tokens.token(SECRET, tokens.header("auth-1"), CLAIMS), TOKEN)
welcome = {"kid": "hub-1", "ts": TS + 1, "nonce": TICKET_NONCE, "context": WELCOME_CONTEXT}
same("welcome packet", sealed({"session": TICKET_NONCE}, **welcome), WELCOME)
rfc7515 = tokens.token(
    base64.urlsafe_b64decode(RFC7515_KEY + "=="),
    '{"typ":"JWT",\r\n "alg":"HS256"}',
    '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}',
)
same("RFC 7515 A.1", rfc7515, RFC7515_TOKEN)

whole, bare = sending.Request(url=REQUEST_URL), sending.Request("GET", "http://vault.internal", (), b"")
for name, sent, printed in (("request", whole, REQUEST_BASE), ("request without a body", bare, BARE_BASE)):
    text = request.member(sent.items(), sending.PARAMETERS)
    same(f"{name}: base", request.base([(item, sent.value(item)) for item in sent.items()], text), printed)
same("request", sending.added(url=REQUEST_URL)["headers"], REQUEST_FIELDS)
same("request without a body", sending.added("GET", "http://vault.internal", (), b"")["headers"], BARE_FIELDS)
rfc9421 = [
    ('"date"', "Tue, 20 Apr 2021 02:07:55 GMT"),
    ('"@authority"', "example.com"),
    ('"content-type"', "application/json"),
]
rfc9421 = request.base(
    rfc9421, '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
)
same("RFC 9421 B.2.5", request.signature(base64.b64decode(RFC9421_KEY), rfc9421), RFC9421_SIGNATURE)

golden.ok("§9 the JSON packet, signed", signing(PAYLOAD_AS_WRITTEN), {"packet_text": JSON_PACKET}, "golden")
golden.ok("§9 the JSON packet, verified", verifying(JSON_PACKET), evidence(PAYLOAD), "golden")
golden.ok(
    "§9 the JSON packet, verified as bytes", verifying(JSON_PACKET.encode()), evidence(PAYLOAD), "golden"
)
golden.ok(
    "§9 the bytes packet, signed", signing(data="AP8K", context=""), {"packet_text": BYTES_PACKET}, "golden"
)
golden.ok(
    "§9 the bytes packet, verified",
    verifying(BYTES_PACKET, context=""),
    evidence(data=b"\x00\xff\n"),
    "golden",
)

hub = key("hub-1", owner="hub")
golden.ok(
    "§9 the welcome packet, signed",
    signing(
        '{"session":"EBESExQVFhcYGRobHB0eHw"}',
        key=hub,
        context=WELCOME_CONTEXT,
        now=TS + 1,
        nonce=TICKET_NONCE,
    ),
    {"packet_text": WELCOME},
    "golden",
)
golden.ok(
    "§9 the welcome packet, verified",
    verifying(WELCOME, keys=[hub], context=WELCOME_CONTEXT),
    evidence(
        '{"session":"EBESExQVFhcYGRobHB0eHw"}', key_id="hub-1", owner="hub", ts=TS + 1, nonce=TICKET_NONCE
    ),
    "golden",
)

golden.ok("§9 the request, signed", sending.signing(url=REQUEST_URL), {"headers": REQUEST_FIELDS}, "golden")
golden.ok(
    "§9 the request, verified",
    sending.verifying(
        whole,
        headers=[["Host", "vault.internal:8200"], ["Content-Type", "application/json"], *REQUEST_FIELDS],
    ),
    sending.evidence(),
    "golden",
)
golden.ok(
    "§9 the request without a body, signed",
    sending.signing("GET", "http://vault.internal", (), b""),
    {"headers": BARE_FIELDS},
    "golden",
)
golden.ok(
    "§9 the request without a body, verified",
    sending.verifying(
        bare, headers=[["Host", "vault.internal"], *BARE_FIELDS], authorities=["http://vault.internal"]
    ),
    sending.evidence(),
    "golden",
)

derivation = {"op": "derive", "master": hexed(SECRET)}
golden.ok(
    "§9 derive",
    derivation | {"purpose": "worker", "owner": "w-12", "key_id": "w-12.3"},
    {"secret": DERIVED},
    "golden",
)
golden.ok(
    "§9 the ticket's secret",
    derivation | {"purpose": "ticket", "owner": "page-1", "key_id": f"{TICKET_NONCE}.1708170834"},
    {"secret": TICKET},
    "golden",
)

auth = key("auth-1", uses=["token"])
golden.ok(
    "§9 the token, issued",
    {"op": "token.issue", "key": auth, "alg": "HS256", "claims_text": CLAIMS, "now": TS},
    {"token": TOKEN},
    "golden",
)
golden.ok(
    "§9 the token, verified",
    {"op": "token.verify", "keys": [auth], "token": TOKEN, "policy": {}, "now": NOW},
    {"claims_text": '{"exp":1708253634,"iat":1708167234,"userId":"dev-user"}'},
    "golden",
)
golden.ok(
    "RFC 7515 A.1, which has no kid",
    {
        "op": "token.verify",
        "keys": [key("rfc", "base64url:" + RFC7515_KEY, uses=["token"])],
        "token": RFC7515_TOKEN,
        "policy": {"issuer": "joe"},
        "now": 1300819379,
    },
    {"claims_text": '{"exp":1300819380,"http://example.com/is_root":true,"iss":"joe"}'},
    "golden",
)
