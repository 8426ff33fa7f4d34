"""Counterseal: signed packets, tokens and replay protection that every language verifies alike.

from counterseal import Key, Keyring, PacketSigner, PacketVerifier

key = Key("engine-7", secret="hex:…", owner="engine-7")
packet = PacketSigner(key).sign({"status": "FINISHED"}, context="engine_status")
verified = PacketVerifier(Keyring([key])).verify(packet, context="engine_status")
"""

from counterseal._core import (
    AuditLog,
    Key,
    Keyring,
    MemoryReplayGuard,
    PacketSigner,
    PacketVerifier,
    PendingRequest,
    RequestSigner,
    RequestVerifier,
    Secret,
    Session,
    SharedReplayGuard,
    Ticket,
    TicketIssuer,
    TokenIssuer,
    TokenVerifier,
    Trust,
    Verified,
    VerifiedRequest,
    VerifiedToken,
    __version__,
    audit_log_files,
    canonical_json,
    derive,
    error_list,
    generate_nonce,
    refusal,
    ticket_keys,
    verify_audit_log,
)
from counterseal.errors import CountersealError

__all__ = [
    "AuditLog",
    "CountersealError",
    "Key",
    "Keyring",
    "MemoryReplayGuard",
    "PacketSigner",
    "PacketVerifier",
    "PendingRequest",
    "RequestSigner",
    "RequestVerifier",
    "Secret",
    "Session",
    "SharedReplayGuard",
    "Ticket",
    "TicketIssuer",
    "TokenIssuer",
    "TokenVerifier",
    "Trust",
    "Verified",
    "VerifiedRequest",
    "VerifiedToken",
    "__version__",
    "audit_log_files",
    "canonical_json",
    "derive",
    "error_list",
    "generate_nonce",
    "refusal",
    "ticket_keys",
    "verify_audit_log",
]
