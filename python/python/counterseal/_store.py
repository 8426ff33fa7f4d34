"""What the guards in Redis have in common: how their clients must be, and what is said of an answer."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, cast

from counterseal._arguments import wrong
from counterseal._core import SharedReplayGuard
from counterseal.errors import CountersealError

log = logging.getLogger("counterseal")

SHA1: Final = hashlib.sha1(SharedReplayGuard.script.encode(), usedforsecurity=False).hexdigest()


def check_client(client: object, single: type, of_cluster: type, cluster: bool) -> None:
    """Whether client is of one of two classes, and of the right one."""
    if not isinstance(client, single | of_cluster):
        name = f"{single.__module__.rpartition('.')[0]}.{single.__name__}"
        raise wrong(f"client must be a {name} or {of_cluster.__name__}, not {type(client).__name__}")
    if isinstance(client, of_cluster) and not cluster:
        raise wrong("cluster must be True for a RedisCluster, as for all users of the store")


def check_ends(client: Any) -> None:
    """Whether the client gives up by itself, so that the threads that it works in come back."""
    if is_cluster(client):
        client = client.get_default_node().redis_connection
    pool = client.connection_pool
    if pool.connection_class(**pool.connection_kwargs).socket_timeout is None:
        raise wrong("client must have a socket_timeout; give one to it, or use from_url")


def check_timeout(timeout: object) -> None:
    if type(timeout) not in (int, float) or not 0 < timeout <= TIMEOUT_MAX:  # type: ignore[operator]
        raise wrong(f"timeout must be seconds, more than 0 and at most {TIMEOUT_MAX}")


def connected(
    from_url: Callable[..., Any], url: str, timeout: float, retry: object, options: dict[str, Any]
) -> Any:
    """A client that gives up as soon as the guard does, and tries nothing twice."""
    check_timeout(timeout)
    brisk = {"socket_timeout": timeout, "socket_connect_timeout": timeout, "retry": retry}
    with suppress(ValueError):
        return from_url(url, **brisk | options)
    # Raised apart from the error, whose words may hold a part of the URL, and so of a password.
    raise wrong("url must be like redis://host:port, rediss:// or unix://")


def everywhere(client: object) -> dict[str, str]:
    """How a command goes to each node of a cluster."""
    return {"target_nodes": "all"} if is_cluster(client) else {}


def is_cluster(client: object) -> bool:
    return hasattr(client, "nodes_manager")


def in_words(error: Exception) -> str:
    """Why there is no answer. The error's own words may hold an address, or what a server says."""
    return "no answer in time" if type(error) is TimeoutError else type(error).__name__


def warn(memory: object) -> None:
    """Warns as the answer to INFO memory, one or by node, makes it right to."""
    if not isinstance(memory, dict):
        detail = f"the shared replay guard: Redis was asked whether it evicts: {memory}"
        raise CountersealError("store_unavailable", detail, "unavailable", 503)
    told = cast(dict[str, Any], memory)
    by_node = cast(list[dict[str, Any]], [node for node in told.values() if isinstance(node, dict)])
    for node in by_node or [told]:
        policy = node.get("maxmemory_policy")
        warning = SharedReplayGuard.warning("" if policy is None else f"maxmemory_policy:{policy}")
        if warning is not None:
            log.warning("%s", warning)


TIMEOUT_MAX: Final = 60
MOST_AT_ONCE: Final = 32
"""Claims under way at once: fewer than redis-py has connections, so that the others wait for their turn."""
