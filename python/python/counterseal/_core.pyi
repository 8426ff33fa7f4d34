import os
from collections.abc import Coroutine, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Final, NotRequired, Self, TypeAlias, TypedDict, final

from typing_extensions import disjoint_base

from counterseal.errors import CountersealError

_Bytes: TypeAlias = bytes | bytearray | memoryview
_Secret: TypeAlias = str | _Bytes | Secret
_Json: TypeAlias = dict[str, Any] | list[Any] | tuple[Any, ...] | str | int | float | bool | None
_Packet: TypeAlias = str | _Bytes | dict[str, Any]
_Packets: TypeAlias = list[str] | list[bytes] | list[dict[str, Any]] | list[_Packet] | tuple[_Packet, ...]
_Text: TypeAlias = str | _Bytes
_Fields: TypeAlias = Sequence[tuple[_Text, _Text] | list[str] | list[bytes]]
_Headers: TypeAlias = (
    _Fields | dict[str, str] | dict[str, bytes] | dict[str, str | bytes] | dict[bytes, bytes]
)
_Names: TypeAlias = list[str] | tuple[str, ...]
_Time: TypeAlias = int | float | None
_Path: TypeAlias = str | os.PathLike[str]
_Paths: TypeAlias = list[str] | list[Path] | list[_Path] | tuple[_Path, ...]

class _Parts(TypedDict):
    ts: int
    nonce: str
    sig: str

_ErrorInfo = TypedDict("_ErrorInfo", {"code": str, "class": str, "status": int, "sentence": str})
_Refusal = TypedDict("_Refusal", {"class": str, "status": int, "now": NotRequired[int]})

class _AuditFault(TypedDict):
    path: str
    line: int
    reason: str
    sentence: str

class _AuditReport(TypedDict):
    records: int
    first_seq: int
    last_seq: int
    head: str
    torn_bytes: int
    fault: _AuditFault | None

__all__ = [
    "AuditLog",
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

__version__: Final[str]

@final
class AuditLog:
    def __new__(
        cls,
        path: _Path,
        *,
        secret: _Secret | None = None,
        rotate_bytes: int | None = None,
        keep: int | None = None,
        sync: bool | None = None,
    ) -> AuditLog: ...
    def record(
        self,
        event: str,
        *,
        user_id: str | None = None,
        action: str,
        resource: str,
        success: bool,
        metadata: dict[str, Any] | None = None,
        now: _Time = None,
    ) -> None: ...
    def close(self) -> None: ...
    @property
    def head(self) -> str: ...
    def __enter__(self) -> AuditLog: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...

@final
class Secret:
    def __new__(cls, secret: _Secret) -> Secret: ...
    @staticmethod
    def generate() -> Secret: ...
    def expose(self) -> str: ...

@final
class Key:
    def __new__(
        cls,
        id: str,
        *,
        secret: _Secret,
        owner: str | None = None,
        not_before: _Time = None,
        not_after: _Time = None,
        revoked: bool | None = None,
        algorithms: _Names | None = None,
        uses: _Names | None = None,
    ) -> Key: ...
    @property
    def id(self) -> str: ...
    @property
    def owner(self) -> str: ...

@final
class Keyring:
    def __new__(cls, keys: list[Key] | tuple[Key, ...]) -> Keyring: ...
    def add(self, key: Key) -> None: ...
    def remove(self, id: str) -> bool: ...
    def revoke(self, id: str) -> bool: ...
    def ids(self) -> list[str]: ...

@final
class MemoryReplayGuard:
    def __new__(
        cls,
        *,
        capacity: int | None = None,
        start: _Time = None,
        scope: str | None = None,
        owner_share: int | None = None,
    ) -> MemoryReplayGuard: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...

@disjoint_base
class SharedReplayGuard:
    script: ClassVar[str]
    def __new__(cls, *, scope: str | None = None, cluster: bool | None = None) -> Self: ...
    @staticmethod
    def warning(info: str) -> str | None: ...

@final
class PacketSigner:
    def __new__(cls, key: Key, *, body_limit: int | None = None) -> PacketSigner: ...
    def sign(
        self, payload: _Json, *, context: str, now: _Time = None, nonce: str | None = None
    ) -> dict[str, Any]: ...
    def sign_text(
        self, payload: _Json, *, context: str, now: _Time = None, nonce: str | None = None
    ) -> str: ...
    def sign_json(
        self, payload_json: str | _Bytes, *, context: str, now: _Time = None, nonce: str | None = None
    ) -> str: ...
    def sign_bytes(
        self, data: _Bytes, *, context: str, now: _Time = None, nonce: str | None = None
    ) -> dict[str, Any]: ...
    def sign_parts(
        self, *, kind: str, body: _Bytes, context: str, now: _Time = None, nonce: str | None = None
    ) -> _Parts: ...

@final
class PacketVerifier:
    def __new__(
        cls,
        keyring: Keyring,
        *,
        max_age: int | None = None,
        max_ahead: int | None = None,
        allow: _Names | None = None,
        guard: MemoryReplayGuard | SharedReplayGuard | None = None,
        body_limit: int | None = None,
    ) -> PacketVerifier: ...
    def verify(self, packet: _Packet, *, context: str, now: _Time = None) -> Verified: ...
    def verify_async(
        self, packet: _Packet, *, context: str, now: _Time = None
    ) -> Coroutine[Any, Any, Verified]: ...
    def verify_parts(
        self,
        *,
        key_id: str,
        kind: str,
        body: _Bytes,
        context: str,
        ts: int,
        nonce: str,
        sig: str,
        now: _Time = None,
    ) -> Verified: ...
    def verify_parts_async(
        self,
        *,
        key_id: str,
        kind: str,
        body: _Bytes,
        context: str,
        ts: int,
        nonce: str,
        sig: str,
        now: _Time = None,
    ) -> Coroutine[Any, Any, Verified]: ...
    def verify_batch(
        self, packets: _Packets, *, context: str, now: _Time = None
    ) -> list[Verified | CountersealError]: ...

@final
class Verified:
    @property
    def payload(self) -> Any: ...
    @property
    def payload_text(self) -> str | None: ...
    @property
    def data(self) -> bytes | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def nonce(self) -> str: ...

@final
class RequestSigner:
    def __new__(
        cls, key: Key, *, extra_fields: _Names | None = None, body_limit: int | None = None
    ) -> RequestSigner: ...
    def sign(
        self,
        method: _Text,
        url: _Text,
        *,
        headers: _Headers = (),
        body: _Bytes = b"",
        now: _Time = None,
        nonce: str | None = None,
    ) -> list[tuple[str, str]]: ...

@final
class RequestVerifier:
    def __new__(
        cls,
        keyring: Keyring,
        *,
        authorities: _Names,
        guard: MemoryReplayGuard | SharedReplayGuard | None = None,
        extra_fields: _Names | None = None,
        max_age: int | None = None,
        max_ahead: int | None = None,
        allow: _Names | None = None,
        trust: dict[str, Any] | None = None,
        callee: str | None = None,
        body_limit: int | None = None,
    ) -> RequestVerifier: ...
    def verify(
        self, method: _Text, target: _Text, *, headers: _Fields, body: _Bytes, now: _Time = None
    ) -> VerifiedRequest: ...
    def verify_async(
        self, method: _Text, target: _Text, *, headers: _Fields, body: _Bytes, now: _Time = None
    ) -> Coroutine[Any, Any, VerifiedRequest]: ...
    def begin(
        self, method: _Text, target: _Text, *, headers: _Fields, now: _Time = None
    ) -> PendingRequest: ...
    def claimed_key_id(self, method: _Text, target: _Text, *, headers: _Fields) -> str | None: ...
    def is_exempt(self, path: _Text) -> bool: ...

@final
class PendingRequest:
    @property
    def owner(self) -> str | None: ...
    def announce(self, count: int) -> None: ...
    def update(self, piece: _Bytes) -> None: ...
    def finish(self, *, now: _Time = None) -> VerifiedRequest: ...
    def finish_async(self, *, now: _Time = None) -> Coroutine[Any, Any, VerifiedRequest]: ...

@final
class VerifiedRequest:
    @property
    def key_id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def nonce(self) -> str: ...

@final
class Trust:
    def __new__(cls, policy: dict[str, Any] | _Text) -> Trust: ...
    def check(self, callee: str, caller: str, method: _Text, path: _Text) -> None: ...
    def is_exempt(self, callee: str, path: _Text) -> bool: ...
    def explain(self, callee: str) -> list[str]: ...

@final
class TokenIssuer:
    def __new__(cls, key: Key, *, alg: str | None = None) -> TokenIssuer: ...
    def issue(
        self, claims: dict[str, Any], *, expires_in: int | float, jti: bool | None = None, now: _Time = None
    ) -> str: ...
    def issue_text(self, claims_text: str | _Bytes, *, now: _Time = None) -> str: ...

@final
class TokenVerifier:
    def __new__(
        cls,
        keyring: Keyring,
        *,
        algorithms: _Names | None = None,
        issuer: str | None = None,
        audience: str | _Names | None = None,
        subject: str | None = None,
        leeway: int | None = None,
        typ: str | None = None,
        max_age: int | None = None,
        claims: dict[str, Any] | None = None,
        revoked: _Names | None = None,
    ) -> TokenVerifier: ...
    def verify(self, token: str | _Bytes, *, now: _Time = None) -> VerifiedToken: ...

@final
class VerifiedToken:
    @property
    def claims(self) -> dict[str, Any]: ...
    @property
    def claims_text(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def owner(self) -> str: ...

@final
class Session:
    @staticmethod
    def server(
        name: str,
        *,
        heartbeat_every: int | None = None,
        heartbeat_window: int | None = None,
        handshake_window: int | None = None,
        identity: str | None = None,
        max_age: int | None = None,
        max_ahead: int | None = None,
        body_limit: int | None = None,
        on_refusal: str | None = None,
        guard_capacity: int | None = None,
        now: _Time = None,
    ) -> Session: ...
    @staticmethod
    def client(
        key: Key,
        *,
        server: str,
        keyring: Keyring,
        heartbeat_every: int | None = None,
        heartbeat_window: int | None = None,
        handshake_window: int | None = None,
        identity: str | None = None,
        max_age: int | None = None,
        max_ahead: int | None = None,
        body_limit: int | None = None,
        on_refusal: str | None = None,
        guard_capacity: int | None = None,
        now: _Time = None,
        nonce: str | None = None,
    ) -> Session: ...
    def handshake(self, token: str) -> dict[str, Any]: ...
    def accept(self, handshake: _Packet, *, tokens: TokenVerifier, now: _Time = None) -> VerifiedToken: ...
    def welcome(
        self, *, key: Key, keyring: Keyring, now: _Time = None, nonce: str | None = None
    ) -> dict[str, Any]: ...
    def establish(self, packet: _Packet, *, now: _Time = None) -> None: ...
    def sign(
        self, event: str, payload: _Json, *, now: _Time = None, nonce: str | None = None
    ) -> dict[str, Any]: ...
    def sign_bytes(
        self, event: str, data: _Bytes, *, now: _Time = None, nonce: str | None = None
    ) -> dict[str, Any]: ...
    def heartbeat(self, *, now: _Time = None, nonce: str | None = None) -> dict[str, Any]: ...
    def verify(self, event: str, packet: _Packet, *, now: _Time = None) -> Verified: ...
    def poll(self, *, now: _Time = None) -> bool: ...
    def close(self) -> None: ...
    @property
    def deadline(self) -> int | None: ...
    @property
    def peer(self) -> str | None: ...
    @property
    def id(self) -> str | None: ...
    @property
    def state(self) -> str: ...
    @property
    def code(self) -> str | None: ...

@final
class Ticket:
    @property
    def token(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def secret(self) -> Secret: ...
    @property
    def expires(self) -> int: ...

@final
class TicketIssuer:
    def __new__(cls, master: _Secret, key: Key, audience: str) -> TicketIssuer: ...
    def issue(self, owner: str, *, expires_in: int | float, now: _Time = None) -> Ticket: ...

def derive(master: _Secret, *, purpose: str, owner: str, key_id: str) -> Secret: ...
def audit_log_files(path: _Path) -> list[str]: ...
def verify_audit_log(
    paths: _Paths,
    *,
    secret: _Secret | None = None,
    head: str | None = None,
    continued: bool | None = None,
) -> _AuditReport: ...
def canonical_json(text: str | _Bytes) -> str: ...
def generate_nonce() -> str: ...
def error_list() -> list[_ErrorInfo]: ...
def refusal(error: CountersealError, *, now: _Time = None) -> _Refusal: ...
def ticket_keys(master: _Secret, token: VerifiedToken, server: str) -> tuple[Key, Key]: ...
