"""Our signer and verifier, in Python."""

from collections.abc import Sequence

from counterseal import CountersealError, Key, Keyring, RequestSigner, RequestVerifier
from wire import Refused, Request, Verify

SECRET = bytes(range(32))
KEY = Key("gateway-1", secret=f"hex:{SECRET.hex()}", owner="gateway")


def sign(request: Request, extra: Sequence[str] = ()) -> Request:
    signer = RequestSigner(KEY, extra_fields=extra)
    signed = signer.sign(request.method, request.url, headers=request.fields, body=request.body)
    return request.with_fields(signed)


def verifier(authorities: Sequence[str], extra: Sequence[str] = ()) -> Verify:
    ours = RequestVerifier(Keyring([KEY]), authorities=authorities, extra_fields=extra)

    def verify(request: Request) -> str:
        try:
            verified = ours.verify(request.method, request.target, headers=request.fields, body=request.body)
        except CountersealError as error:
            raise Refused(error.code) from error
        return verified.owner

    return verify
