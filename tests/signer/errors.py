"""The closed list of codes of section 4 of the wire contract, in its order: those whose feature exists."""

_TABLE = {
    ("invalid", 400): "malformed_argument malformed_key weak_secret",
    ("unauthorized", 401): """
        malformed_packet malformed_payload malformed_request malformed_token unsupported_version wrong_authority
        unknown_key revoked_key inactive_key unsupported_algorithm unsupported_critical bad_signature body_mismatch
        expired not_yet_valid token_expired token_not_yet_valid claim_missing claim_invalid claim_mismatch
        token_revoked replayed heartbeat_missed""",
    ("forbidden", 403): "caller_not_allowed",
    ("too_large", 413): "payload_too_large token_too_large",
    ("too_many_requests", 429): "rate_limited",
    ("unavailable", 503): "replay_guard_full replay_guard_starting store_unavailable",
}

ERRORS = {
    code: {"code": code, "class": klass, "status": status}
    for (klass, status), codes in _TABLE.items()
    for code in codes.split()
}

# Codes that no vector can make. Each has a test that makes it with the real part: its file and its name.
NAMED_TESTS = {
    "store_unavailable": ("bindings/shared/tests/audit_log.rs", "a_full_disk_is_store_unavailable"),
}


def codes_of_tests(repository):
    """The codes whose named test stands where it is said to."""
    return {
        code
        for code, (file, name) in NAMED_TESTS.items()
        if f"fn {name}()" in (repository / file).read_text("utf-8")
    }
