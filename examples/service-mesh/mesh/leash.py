"""Runs a program that would outlive us, and ends it with our standard input.

The first line of standard input is `{"arguments": […], "input": "…"}`; what the program writes comes out as
JSON texts, one a line.
"""

import json
import subprocess
import sys
import threading
from contextlib import suppress


def main() -> None:
    setup = json.loads(sys.stdin.readline())
    pipe = subprocess.PIPE
    program = subprocess.Popen(
        setup["arguments"], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(setup["input"])
    program.stdin.close()

    def end_with_input() -> None:
        sys.stdin.read()
        program.kill()

    threading.Thread(target=end_with_input, daemon=True).start()
    # Whoever listened may be gone; the program is waited for all the same.
    with suppress(BrokenPipeError):
        for line in program.stdout:
            print(json.dumps(line.rstrip("\n")), flush=True)
    program.kill()
    sys.exit(program.wait())


if __name__ == "__main__":
    main()
