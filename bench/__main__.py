"""`make bench`: what things cost, as ratios against something measured in the same run.

Pages are asked for over HTTP from the server that `samkraft serve` starts, one request after the other on
one kept connection, each kind of page in turn with the bare view, and compared by the median.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import feeds, imports, pathways, queries, selection
from bench.http import Connection, ratio, server

PAGES = {
    "front page": "/sv/",
    "country": "/sv/places/se/",
    "county": "/sv/places/se/vastra-gotalands-lan/",
    "municipality": "/sv/places/se/mariestad/",
    "comparison": "/sv/places/se/mariestad/compare/?with=skovde",
    "places": "/sv/places/",
    "calls": "/sv/calls/",
    "a call": "/sv/calls/klimatverkstad-demo/",
    "report of a draw": "/sv/calls/klimatverkstad-demo/report/",
    "about": "/sv/about/",
    "search": "/sv/search/?q=mari",
    "suggestions": "/sv/search/suggest/?q=mari",
    "API, a page of areas": "/api/v1/municipalities?country=SE",
}
TARGETS = {"cached": 1.7, "uncached": 40.0}


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
        selection.report()
        imports.report()
        pages()
        feeds.report(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
