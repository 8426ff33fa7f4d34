"""The service mesh, running: a gateway, a vault, those who call, and a proxy that alters what it passes on.

python run.py --vault PROGRAM [--redis PROGRAM] [--html FILE]
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from mesh import check, text
from mesh.mesh import Mesh, Plan
from mesh.page import page
from mesh.program import Failed
from mesh.scenes import Row
from mesh.show import show
from mesh.stage import Stage


async def run(plan: Plan, folder: Path, html: Path | None) -> list[str]:
    """Plays it on a folder, and returns what is not as it must be."""
    running = asyncio.current_task()
    assert running is not None
    # As Ctrl-C does: all that was started is ended first.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    mesh = await Mesh.start(plan, folder, say)
    stage = Stage(mesh, tell, say)
    print(text.heading(), flush=True)
    try:
        await show(stage)
        say("ending all")
    finally:
        await mesh.end()
    verified = {name: trail.verified() for name, trail in mesh.trails.items()}
    faults = stage.faults + check.trail_faults(verified)
    texts = mesh.outputs()
    for name, trail in mesh.trails.items():
        faults += check.log_faults(name, mesh.messages(name), trail.all())
        texts[f"the audit log of {name}"] = trail.text()
    faults += check.leaks(texts, mesh.secrets())
    print(text.summary([row for row, _ in stage.rows], verified, faults))
    if html is not None:
        html.write_text(page(stage.rows, verified, faults), encoding="utf-8")
        print(f"\nThe same as a page: {html}")
    return faults


def tell(row: Row, faults: list[str]) -> None:
    print(text.row(row, faults), flush=True)


def say(message: str) -> None:
    print(f"· {message}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="The service mesh, with every call and attack that it must tell apart."
    )
    parser.add_argument("--vault", required=True, help="the vault's program")
    parser.add_argument("--redis", help="redis-server: two vaults share it, and it is killed and emptied")
    parser.add_argument("--html", type=Path, help="where the same is written as a page")
    given = parser.parse_args()
    # Short, so that what is too old is so within seconds.
    plan = Plan(given.vault, given.redis, 1 if given.redis is None else 2, max_age=6, max_ahead=1)
    # It holds every key, and is gone afterwards.
    with tempfile.TemporaryDirectory(prefix="service-mesh-") as folder:
        try:
            return 1 if asyncio.run(run(plan, Path(folder), given.html)) else 0
        except Failed as failure:
            print(f"The service mesh has failed: {failure}", file=sys.stderr)
            return 1
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("It was ended before its end.", file=sys.stderr)
            return 130


if __name__ == "__main__":
    sys.exit(main())
