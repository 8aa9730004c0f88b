"""Free ports on the loopback, and whether one is taken."""

import secrets
import socket

LOOPBACK = "127.0.0.1"

FIRST, COUNT = 10_000, 22_000
"""Below the ports that the kernel hands out for connections: none of those takes a port before its server has."""


def free_port() -> int:
    """A port on the loopback that nothing listens on now, drawn at random so that two runs at once do not meet."""
    for _ in range(100):
        if is_free(port := FIRST + secrets.randbelow(COUNT)):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        given: int = probe.getsockname()[1]
        return given


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on the port now; connections that are closing do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def is_open(port: int, host: str = LOOPBACK) -> bool:
    """Whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0
