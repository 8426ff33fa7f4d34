"""Where PyPI's http-message-signatures 3.0.0 does not do what RFC 9421 says, or chooses otherwise than we do where it may.

Each was found by running it. A test that fails here says that the library has changed.
"""

from dataclasses import replace

import ours
import pytest
import theirs
from http_message_signatures import HTTPMessageSignaturesException
from wire import Refused, Request, cases, request_of, send, serving

REQUEST = Request("GET", "/status", [("Host", "vault.internal")], b"")
OWN = ["http://vault.internal"]


def test_the_parameters_stand_in_an_order_of_its_own() -> None:
    signed = dict(theirs.sign(REQUEST).fields)["Signature-Input"]
    names = [part.split("=")[0] for part in signed.split(";")[1:]]
    assert names == ["created", "keyid", "alg", "nonce", "tag"]


def test_a_body_of_no_bytes_gets_a_digest_which_our_profile_leaves_out() -> None:
    with serving(ours.verifier) as port:
        request = request_of(cases()[0], port)
        assert send(port, theirs.sign(request, body=b"")) == (401, "body_mismatch")
        assert send(port, theirs.sign(request)) == (200, "gateway")


def test_it_remembers_no_nonce() -> None:
    with serving(theirs.verifier) as port:
        signed = ours.sign(request_of(cases()[0], port))
        assert [send(port, signed), send(port, signed)] == [(200, "gateway-1")] * 2


@pytest.mark.parametrize("method", ["get", "Get", "m-search"])
def test_a_method_in_lower_case_is_refused_though_methods_are_case_sensitive(method: str) -> None:
    """RFC 9421 section 2.2.1: the method is signed as it is sent."""
    refused_by_it(replace(REQUEST, method=method), "uppercase")


@pytest.mark.parametrize("target", ["/a|b", '/?q="x"', "/{a}", "/%zz", "/?[x]=1", "/a^b"])
def test_a_target_that_is_no_uri_is_refused_though_servers_are_sent_it(target: str) -> None:
    refused_by_it(replace(REQUEST, target=target), "Invalid URL")


def refused_by_it(request: Request, why: str) -> None:
    with pytest.raises(HTTPMessageSignaturesException, match=why):
        theirs.sign(request)
    with pytest.raises(Refused, match=why):
        theirs.verifier(OWN)(ours.sign(request))
    assert ours.verifier(OWN)(ours.sign(request)) == "gateway"
