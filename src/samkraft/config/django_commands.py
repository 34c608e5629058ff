"""The subcommands that work on the database; imported once Django is set up."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone, translation

from samkraft.feeds.operations import mailed
from samkraft.records.fetch import CannotFetch, fetch
from samkraft.statistics import importers
from samkraft.statistics.formats import FormatError
from samkraft.statistics.operations import load_reference

from . import checks, demo, queue, simulation, ticking

LARGEST_FETCH = 50_000_000
SECONDS_BETWEEN_TICKS = 1.0


def run(options: argparse.Namespace) -> int:
    """Run the chosen subcommand; returns its exit code."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "demo": _demo,
        "prepare": _prepare,
        "serve": _serve,
        "worker": _worker,
        "import": _import,
        "receive-post": _receive_post,
        "simulate": _simulate,
        "check": _check,
    }
    return commands[options.command](options)


def _say(text: str) -> None:
    print(text, flush=True)


def _prepare(options: argparse.Namespace) -> int:
    """Migrate, and load the reference data that are not there yet."""
    _say("Preparing the database …")
    call_command("migrate", verbosity=0, interactive=False)
    if load_reference(now=timezone.now(), progress=lambda step: _say(f"  {step}")):
        _say("Reference data are in place.")
    return 0


def _demo(options: argparse.Namespace) -> int:
    """Prepare with demo accounts, then serve with the worker beside."""
    _prepare(options)
    accounts = demo.load(now=timezone.now(), say=_say)
    if options.prepare_only:
        return 0
    # `make setup` gathers them into the usual folder; another SAMKRAFT_VAR begins empty.
    if not Path(settings.STATIC_ROOT).exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    _say(f"\nSamkraft is on http://127.0.0.1:{options.port}  (stop it with Ctrl+C)")
    for email, password in accounts:
        _say(f"  Sign in as {email} with the password {password}")
    _say("")
    worker = subprocess.Popen([sys.executable, "-m", "samkraft.config.command", "worker"])
    try:
        return _serve(argparse.Namespace(host="127.0.0.1", port=options.port))
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def _serve(options: argparse.Namespace) -> int:
    # The server is imported where it is used: the worker and the importers do without it.
    import uvicorn

    uvicorn.run(
        "samkraft.config.asgi:application",
        host=options.host,
        port=options.port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return 0


def _worker(options: argparse.Namespace) -> int:
    """Tick until told to stop; a tick that is under way is finished first."""
    if options.queue:
        return queue.work_on()
    if options.once:
        ticking.Worker().tick(now=timezone.now())
        queue.work_off()
        return 0
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parent = os.getppid()
    worker, beside = ticking.Worker(), queue.Beside()
    try:
        while not stopping and os.getppid() == parent:
            close_old_connections()
            beside.keep()
            worker.tick(now=timezone.now())
            time.sleep(SECONDS_BETWEEN_TICKS)
    finally:
        beside.stop()
    return 0


def _import(options: argparse.Namespace) -> int:
    """Import a file, from its path or its address; 2, with one sentence, when it cannot be used."""
    if options.kind not in importers.KINDS:
        print(f"There is no kind “{options.kind}”. Choose from: {', '.join(importers.KINDS)}.", file=sys.stderr)
        return 2
    # The command speaks English throughout, whatever language the site begins in.
    with translation.override("en"):
        try:
            if options.source.startswith(("http://", "https://")):
                return _import_from_url(options)
            return _import_file(options, Path(options.source), None)
        except (FormatError, CannotFetch) as wrong:
            print(wrong, file=sys.stderr)
            return 2


def _import_from_url(options: argparse.Namespace) -> int:
    """Fetch and import: what the site calls the content does not matter, the importer looks at it."""
    # Whoever has a shell on this machine may also fetch from the networks that it can reach.
    fetched = fetch(options.source, limit_bytes=LARGEST_FETCH, timeout=60, may_connect=lambda address: True)
    options.source_url = options.source_url or options.source
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fetched"
        path.write_bytes(fetched.content)
        return _import_file(options, path, name_in(options.source))


def name_in(url: str) -> str:
    """The name that an address gives a file: the last part of its path, or its host where there is none.

    >>> name_in("https://example.org/data/utsl%C3%A4pp.xlsx?year=2024"), name_in("https://example.org/?sub=CO2")
    ('utsläpp.xlsx', 'example.org')
    """
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc


def _import_file(options: argparse.Namespace, path: Path, name: str | None) -> int:
    stated = importers.Stated(options.release, options.licence, options.source_url, options.partial)
    report = importers.run(
        options.kind, path, name=name, stated=stated, dry_run=options.dry_run, today=timezone.localdate()
    )
    for sentence in report.sentences(dry_run=options.dry_run):
        print(sentence)
    return 0


def _receive_post(options: argparse.Namespace) -> int:
    """Take in one mail from standard input. The exit code is one that mail servers understand."""
    outcome = mailed.receive(raw=sys.stdin.buffer.read(mailed.MOST_BYTES + 1), now=timezone.now())
    print(outcome.sentence, file=sys.stderr if outcome.exit_code else sys.stdout)
    return outcome.exit_code


def _simulate(options: argparse.Namespace) -> int:
    """Fill the database with made-up content. Never in production: nobody could tell it from what is real."""
    if settings.PRODUCTION:
        print("Simulated content is only for measuring. It is not put into a production database.", file=sys.stderr)
        return 2
    began = time.monotonic()
    try:
        simulation.simulate(
            network_count=options.networks,
            actor_count=options.actors,
            post_count=options.posts,
            seed=options.seed,
            now=timezone.now(),
            say=lambda step: _say(f"  {step}, {time.monotonic() - began:.0f} s"),
        )
    except ValueError as wrong:
        print(wrong, file=sys.stderr)
        return 2
    return 0


def _check(options: argparse.Namespace) -> int:
    """Tell what is wrong, one sentence each; 0 when nothing is."""
    found = checks.problems(settings)
    for sentence in found:
        print(sentence)
    print("Everything is as it should be." if not found else f"{len(found)} to mend.")
    return 1 if found else 0
