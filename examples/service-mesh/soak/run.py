"""The service mesh under load: two vaults, a Redis server that is killed meanwhile, and hostile callers.

python -m soak.run --vault PROGRAM --redis PROGRAM [--callers N] [--seconds N] [--json FILE]
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from mesh import check
from mesh.mesh import Mesh, Plan
from mesh.program import Failed
from soak import text
from soak.judge import judge
from soak.soak import Soak


async def run(given: argparse.Namespace, folder: Path) -> list[str]:
    """Soaks it on a folder, and returns what is not as it must be."""
    mesh = await Mesh.start(Plan(given.vault, given.redis, replicas=2, max_ahead=1), folder, say)
    soak = Soak(mesh, folder, seconds=given.seconds, callers=given.callers, say=say)
    try:
        entries = await soak.run()
    finally:
        await mesh.end()
    say("holding what was called against what was executed")
    trails = {name: mesh.trails[name] for name in mesh.replicas}
    records = {name: trail.all() for name, trail in trails.items()}
    executed = {name: [one for one in found if one["event"] == EXECUTED] for name, found in records.items()}
    faults = judge(entries, executed)
    faults += check.trail_faults({name: trail.verified() for name, trail in trails.items()})
    told = text.figures(entries, soak.figures, sum(map(len, records.values())))
    print(text.summary(told, faults))
    if given.json is not None:
        given.json.write_text(json.dumps({"figures": told, "faults": faults}, indent=2) + "\n")
    return faults


def say(message: str) -> None:
    print(f"· {message}", file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The service mesh under load.")
    parser.add_argument("--vault", required=True, help="the vault's program")
    parser.add_argument("--redis", required=True, help="redis-server")
    parser.add_argument("--callers", type=whole(2, 1000), default=32, help="genuine calls under way at once")
    parser.add_argument("--seconds", type=whole(2, 600), default=60, help="for all phases together")
    parser.add_argument("--json", type=Path, help="where the figures are written, too")
    return parser.parse_args()


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def main() -> int:
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="service-mesh-") as folder:
        try:
            return 1 if asyncio.run(run(given, Path(folder))) else 0
        except Failed as failure:
            print(f"The soak has failed: {failure}", file=sys.stderr)
            return 1
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("It was ended before its end.", file=sys.stderr)
            return 130


EXECUTED = "ORDER_EXECUTED"

if __name__ == "__main__":
    sys.exit(main())
