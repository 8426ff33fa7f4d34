"""The one exception of the package."""


class CountersealError(Exception):
    """A refusal.

    code says which check failed, for the log and the local caller; a peer learns klass and status (HTTP).
    detail says what is allowed. None of them holds secret material.
    """

    code: str
    detail: str
    klass: str
    status: int

    def __init__(self, code: str, detail: str, klass: str, status: int) -> None:
        super().__init__(code, detail, klass, status)
        self.code = code
        self.detail = detail
        self.klass = klass
        self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code
