"""HTTP/1.1 messages as they are on the wire, byte for byte."""

import asyncio
from dataclasses import dataclass, replace
from typing import Self

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Message:
    """A request or a response: its first line, its fields in order, its body."""

    first: str
    fields: Fields
    body: bytes

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self | None:
        """The next message; none where the connection has ended."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as end:
            if end.partial:
                raise ConnectionError("it ended within a message") from None
            return None
        first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        fields = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        message = cls(first, fields, b"")
        return replace(message, body=await message._read_body(reader))

    async def _read_body(self, reader: asyncio.StreamReader) -> bytes:
        if self.field("transfer-encoding") is not None:
            raise ConnectionError("a message of this mesh says how long it is")
        length = int(self.field("content-length") or 0)
        if length > BODY_LIMIT:
            raise ConnectionError("a message of this mesh is small")
        return await reader.readexactly(length)

    def field(self, name: str) -> str | None:
        """The value of the first field of that name."""
        return next((value for given, value in self.fields if given.lower() == name), None)

    def with_field(self, name: str, value: str | None) -> Self:
        """With another value where the field stands, or without it."""
        changed = ((given, value if given.lower() == name else told) for given, told in self.fields)
        return replace(self, fields=tuple((given, told) for given, told in changed if told is not None))

    def with_more(self, name: str, value: str) -> Self:
        """With one more field at the end."""
        return replace(self, fields=(*self.fields, (name, value)))

    def with_body(self, body: bytes) -> Self:
        """With another body, and its length."""
        return replace(self, body=body).with_field("content-length", str(len(body)))

    def to_bytes(self) -> bytes:
        lines = [self.first, *(f"{name}: {value}" for name, value in self.fields)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


class Request(Message):
    """A message whose first line is method, target and version."""

    @property
    def method(self) -> str:
        return self.first.split(" ")[0]

    @property
    def target(self) -> str:
        return self.first.split(" ")[1]

    def with_line(self, *, method: str | None = None, target: str | None = None) -> Self:
        return replace(self, first=f"{method or self.method} {target or self.target} HTTP/1.1")


class Response(Message):
    """A message whose first line has the status."""

    @property
    def status(self) -> int:
        return int(self.first.split(" ")[1])


BODY_LIMIT = 1 << 20
