"""Asking a server of our own over HTTP: one request after the other on a kept connection, or many at once."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

ROUNDS = 5


class Connection:
    """One kept HTTP connection that does as little as possible besides asking and reading."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.buffer = b""

    def get(self, path: str) -> int:
        """Ask for a path, read the whole answer; returns its status."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), None
        )
        if length is None:
            raise ValueError(f"{path} does not say its length")
        while len(self.buffer) < length:
            self.buffer += self._more()
        self.buffer = self.buffer[length:]
        return int(head[9:12])

    def _more(self) -> bytes:
        received = self.socket.recv(1 << 18)
        if not received:
            raise ConnectionError("The server closed the connection.")
        return received


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(shape: str, var: str = "") -> Iterator[int]:
    """A server of its own in one of the shapes of `bench.settings`, on the data in `var`; gives its port."""
    port = free_port()
    environment = {**os.environ, "BENCH": shape, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    if var:
        environment["SAMKRAFT_VAR"] = var
    process = subprocess.Popen([sys.executable, "-m", "bench.serve", str(port)], env=environment)
    try:
        for _ in range(200):
            time.sleep(0.05)
            try:
                Connection(port).get("/bare" if shape == "bare" else "/health")
                break
            except OSError:
                continue
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def median_seconds(ask: Callable[[], int], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        status = ask()
        taken.append(time.perf_counter() - began)
        if status != 200:
            raise ValueError(f"answered {status}")
    return statistics.median(taken)


def ratio(bare: Connection, page: Connection, path: str) -> float:
    """The median over rounds of what the page costs, in bare views."""
    ratios = []
    for _ in range(ROUNDS):
        base = median_seconds(lambda: bare.get("/bare"), 200)
        ratios.append(median_seconds(lambda: page.get(path), 40) / base)
    return statistics.median(ratios)


def throughput(port: int, path: str, *, connections: int = 4, seconds: float = 3.0) -> float:
    """Requests a second that the server answers to several readers at once."""
    counts = [0] * connections
    until = time.perf_counter() + seconds

    def read(place: int) -> None:
        connection = Connection(port)
        while time.perf_counter() < until:
            connection.get(path)
            counts[place] += 1

    readers = [Thread(target=read, args=(place,)) for place in range(connections)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return sum(counts) / seconds
