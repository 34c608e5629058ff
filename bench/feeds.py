"""Whether a feed page stays as quick when a thousand posts have become a million, and how many readers it serves."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from bench.http import Connection, ratio, server, throughput

SMALL, LARGE = 1_000, 1_000_000
MOST_GROWTH = 1.2


def report(prepared: Path) -> None:
    """Two copies of a prepared database, one filled with a thousand posts and one with a million, side by side."""
    print("\nFeed pages made anew, in bare views, with a thousand and with a million posts")
    folders = {count: _filled(prepared, count) for count in (SMALL, LARGE)}
    paths = _paths(folders[SMALL] / "samkraft.sqlite3")
    with (
        server("bare") as bare_port,
        server("uncached", str(folders[SMALL])) as small_port,
        server("uncached", str(folders[LARGE])) as large_port,
        server("product", str(folders[LARGE])) as product_port,
    ):
        bare, small, large = Connection(bare_port), Connection(small_port), Connection(large_port)
        print(f"{'page':<28}{'1,000':>10}{'1,000,000':>12}{'growth':>10}")
        for name, path in paths.items():
            small.get(path), large.get(path)
            few, many = ratio(bare, small, path), ratio(bare, large, path)
            print(f"{name:<28}{few:>9.1f}x{many:>11.1f}x{many / few:>10.2f}", flush=True)
        print(f"{'target':<28}{'≤ 40.0x':>10}{'≤ 40.0x':>12}{'≤ 1.20':>10}")
        _throughput(bare_port, product_port, paths["municipality's feed"])


def _throughput(bare_port: int, product_port: int, path: str) -> None:
    throughput(product_port, path, seconds=0.5)
    base = throughput(bare_port, "/bare")
    share = throughput(product_port, path) / base
    print(f"Kept feed page, four readers at once: {share:.0%} of the bare view's {base:.0f} requests a second")


def _filled(prepared: Path, posts: int) -> Path:
    folder = prepared / f"posts-{posts}"
    folder.mkdir()
    source, target = sqlite3.connect(prepared / "samkraft.sqlite3"), sqlite3.connect(folder / "samkraft.sqlite3")
    with source, target:
        source.backup(target)
    source.close(), target.close()
    shutil.copytree(prepared / "static", folder / "static")
    command = [sys.executable, "-m", "samkraft.config.command", "simulate"]
    numbers = ["--networks", "150", "--actors", "10000", "--posts", str(posts)]
    began = time.perf_counter()
    environment = {**os.environ, "SAMKRAFT_VAR": str(folder)}
    environment.pop("BENCH", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run([*command, *numbers], check=True, stdout=subprocess.DEVNULL, env=environment)
    print(f"Filled with 150 networks, 10,000 actors, {posts:,} posts: {time.perf_counter() - began:.0f} s", flush=True)
    return folder


def _paths(database: Path) -> Mapping[str, str]:
    """The feeds that hold most in the small database, so that the page is full in both."""
    connection = sqlite3.connect(database)

    def most(column: str, table: str, where: str) -> str:
        query = (
            f"SELECT place.slug FROM feeds_post JOIN {table} AS place ON place.id = {column} "
            f"WHERE feeds_post.state = 'published' AND {where} GROUP BY place.slug ORDER BY COUNT(*) DESC LIMIT 1"
        )
        return str(connection.execute(query).fetchone()[0])

    municipality = most("municipality_id", "places_area", "1")
    county = most("county_id", "places_area", "in_county_feed")
    network = most("network_id", "networks_network", "in_network_feed")
    key = connection.execute("SELECT key FROM places_area WHERE slug = ?", [municipality]).fetchone()[0]
    post = connection.execute("SELECT MAX(id) FROM feeds_post WHERE state = 'published'").fetchone()[0]
    connection.close()
    return {
        "municipality's feed": f"/sv/places/se/{municipality}/feed/",
        "county's feed": f"/sv/places/se/{county}/feed/",
        "national feed": "/sv/places/se/feed/",
        "network's feed": f"/sv/networks/{network}/feed/",
        "municipality's page": f"/sv/places/se/{municipality}/",
        "county's page": f"/sv/places/se/{county}/",
        "front page": "/sv/",
        "Atom": f"/sv/places/se/{municipality}/feed.atom",
        "a post": f"/sv/posts/{post}/",
        "API, posts of a place": f"/api/v1/posts?municipality={key}",
    }
