"""A probe for the runner's own tests: it says what a line tells it to, or misbehaves as its argument says."""

import json
import sys


def main(manner: str) -> int:
    for line in sys.stdin.buffer:
        call = json.loads(line)
        if call.get("stop"):
            return 3
        sys.stdout.write(json.dumps({"id": call["id"], "ok": call.get("say")}) + "\n")
        sys.stdout.flush()
    if manner == "talks on":
        print("{}")
    return 5 if manner == "ends badly" else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
