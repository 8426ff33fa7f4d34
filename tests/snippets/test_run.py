"""The runner itself: a wrong block, a wrong output and a document without blocks must each turn it red."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

import run


def ending(document: str) -> tuple[int, str]:
    """What the runner ends with and prints last, for a document of this text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.md"
        path.write_text(document, encoding="utf-8")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            code = run.main([str(path)])
    return code, printed.getvalue().splitlines()[-1]


def fenced(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```\n"


class Runner(unittest.TestCase):
    def expect(self, document: str, code: int, passed: int, failed: int) -> None:
        self.assertEqual(ending(document), (code, f"{passed} passed, {failed} failed"))

    def test_blocks_of_a_document_share_their_state(self) -> None:
        self.expect(fenced("python", "a = 1") + "text\n" + fenced("python", "assert a == 1"), 0, 2, 0)
        self.expect(fenced("js", "const a = 1;") + fenced("js", "if (a !== 1) throw a;"), 0, 2, 0)
        self.expect(fenced("sh", "a=1; echo b > c") + fenced("sh", 'test "$a$(cat c)" = 1b'), 0, 2, 0)

    def test_a_block_that_raises_fails(self) -> None:
        self.expect(fenced("python", "1 / 0") + fenced("python", "pass"), 1, 1, 1)
        self.expect(fenced("js", "console.log(1)") + fenced("js", "throw new Error('no')"), 1, 1, 1)
        self.expect(fenced("js", "process.exit(0)"), 1, 0, 1)
        self.expect(fenced("sh", "counterseal no-such-command") + fenced("sh", "true"), 1, 0, 2)
        self.expect(fenced("json", "{"), 1, 0, 1)

    def test_the_output_is_what_was_promised(self) -> None:
        for language, code in (("python", "print(41 + 1)"), ("js", "console.log(41 + 1)"), ("sh", "echo 42")):
            self.expect(fenced(language, code) + fenced("text output", "42"), 0, 1, 0)
            self.expect(fenced(language, code) + fenced("text output", "43"), 1, 0, 1)
        self.expect(fenced("json", "{}") + fenced("text output", "{}"), 1, 0, 1)

    def test_only_text_is_not_run(self) -> None:
        self.expect(fenced("text", "cargo xtask demo"), 0, 0, 0)
        self.expect(fenced("", "cargo xtask demo"), 1, 0, 1)
        self.expect(fenced("perl", "1"), 1, 0, 1)

    def test_a_fence_without_an_end_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            ending("```python\npass\n")


if __name__ == "__main__":
    unittest.main()
