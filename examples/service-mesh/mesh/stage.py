"""Where scenes are played: the mesh, a name for each order, and who is told of each row."""

import asyncio
from collections.abc import Awaitable, Callable

from mesh import check
from mesh.mesh import VAULT, Mesh, Say
from mesh.program import Failed, together
from mesh.scenes import EXECUTE, Row, Scene, told
from proxy.alterations import Held
from proxy.message import Response

Tell = Callable[[Row, list[str]], None]


class Stage:
    """Tells each row with what is wrong with it, and keeps count."""

    def __init__(self, mesh: Mesh, tell: Tell, say: Say) -> None:
        self.mesh = mesh
        self.say = say
        self.rows: list[tuple[Row, list[str]]] = []
        self.faults: list[str] = []
        self._tell = tell
        self._orders = 0

    async def scenes(self, *scenes: Scene) -> None:
        """Plays one after the other."""
        for scene in scenes:
            self.done(await scene.play(self.mesh, self.next_order()), scene.executes)

    def done(self, row: Row, executes: int) -> None:
        """A row is complete, in which so many orders are to have been executed."""
        faults = check.row_faults(row, executes)
        self.rows.append((row, faults))
        self.faults += faults
        self._tell(row, faults)

    def judged(self, flight: str, due: str, answer: Response, executes: int = 0) -> None:
        """What the gateway was answered in the end, and what the logs say since they were last read."""
        self.done(Row("gateway", EXECUTE, flight, due, *told(answer)).read(self.mesh), executes)

    async def held_while(self, flight: str, due: str, doing: str, act: Callable[[], Awaitable[None]]) -> None:
        """An order that is under way meanwhile: for all that is known afterwards, it was executed before."""
        held = Held()
        self.mesh.proxy.take(VAULT, held.way)

        async def meanwhile() -> None:
            await held.came.wait()
            self.say(doing)
            await act()
            self.mesh.new_records()
            held.let_go()

        await together(self._order_until(held.came), meanwhile())
        self.judged(flight, due, held.answers[0])

    async def until_accepted(self, what: str) -> None:
        """Orders until every replica executes them."""
        self.say(f"waiting until {what}")
        in_a_row = 0
        for _ in range(TRIES):
            answer = await self.mesh.order(self.next_order())
            in_a_row = in_a_row + 1 if answer["status"] == OK else 0
            if in_a_row == 2 * len(self.mesh.replicas):
                return
            await asyncio.sleep(0 if in_a_row else LOOK_S)
        raise Failed(f"orders are not executed; the last was answered {answer}")

    def next_order(self) -> str:
        self._orders += 1
        return f"order-{self._orders}"

    async def _order_until(self, came: asyncio.Event) -> None:
        while not came.is_set():
            await self.mesh.order(self.next_order())
            await asyncio.sleep(LOOK_S)


OK = 200
TRIES = 1200
LOOK_S = 0.05
