"""`make bench`: what things cost, as ratios against something measured in the same run.

Pages are asked for over HTTP from the server that `samkraft serve` starts, one request after the other on
one kept connection, each kind of page in turn with the bare view, and compared by the median.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import imports, pathways, queries

PAGES = {
    "front page": "/sv/",
    "country": "/sv/places/se/",
    "county": "/sv/places/se/vastra-gotalands-lan/",
    "municipality": "/sv/places/se/mariestad/",
    "comparison": "/sv/places/se/mariestad/compare/?with=skovde",
    "places": "/sv/places/",
    "about": "/sv/about/",
    "search": "/sv/search/?q=mari",
    "suggestions": "/sv/search/suggest/?q=mari",
    "API, a page of areas": "/api/v1/municipalities?country=SE",
}
TARGETS = {"cached": 1.7, "uncached": 40.0}
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
def server(shape: str) -> Iterator[int]:
    """A server of its own in one of the shapes of `bench.settings`; gives its port."""
    port = free_port()
    environment = {**os.environ, "BENCH": shape, "DJANGO_SETTINGS_MODULE": "bench.settings"}
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


def pages() -> None:
    print("\nWhat a page costs, in bare constant Django views on the same server (no middleware at all)")
    print(f"{'page':<24}{'cached':>10}{'uncached':>10}{'queries':>10}")
    counts = queries.counts(PAGES)
    with server("bare") as bare_port, server("product") as product_port, server("uncached") as uncached_port:
        bare, product, uncached = (Connection(port) for port in (bare_port, product_port, uncached_port))
        for name, path in PAGES.items():
            product.get(path), uncached.get(path)
            cached, fresh = ratio(bare, product, path), ratio(bare, uncached, path)
            print(f"{name:<24}{cached:>9.2f}x{fresh:>9.1f}x{counts[path]:>10}", flush=True)
    print(f"{'target':<24}{'≤ 1.70x':>10}{'≤ 40.0x':>10}{'≤ 25':>10}")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAMKRAFT_VAR"] = folder
        os.environ["SAMKRAFT_MODE"] = "demo"
        command = [sys.executable, "-m", "samkraft.config.command", "demo", "--prepare-only"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print(f"Migrate and load all reference data: {time.perf_counter() - began:.1f} s (target ≤ 20 s)")
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(collect, check=True, cwd=Path(__file__).resolve().parent.parent)
        pathways.report()
        imports.report()
        pages()
    return 0


if __name__ == "__main__":
    sys.exit(main())
