"""The command `samkraft`: everything that is done with the platform from a shell."""

import argparse
import os
import sys
from collections.abc import Sequence

from . import draw_command, pathway_command

# These go on until they are stopped; a pipe that breaks in them is not the reader of their output going away.
LASTING = {"demo", "serve", "worker"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; returns its exit code: 0 done, 1 something is wrong, 2 the input cannot be used."""
    options = _parser().parse_args(arguments)
    if options.command in LASTING:
        return _run(options)
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, such as `head`, has what it wanted. What is still kept back goes nowhere, without a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _run(options: argparse.Namespace) -> int:
    if options.command == "pathway":
        return pathway_command.run(options, sys.stdout, sys.stderr)
    if options.command == "draw":
        return draw_command.run(options, sys.stdout, sys.stderr)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
    # Django is imported and set up only for the commands that need it: `pathway` and `draw` work on plain files.
    import django

    django.setup()
    from . import django_commands

    return django_commands.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="samkraft", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="prepare real reference data and demo accounts, then serve")
    demo.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    demo.add_argument("--prepare-only", action="store_true", help="prepare, and do not serve")
    commands.add_parser("prepare", help="bring the database up to date and load real reference data")
    serve = commands.add_parser("serve", help="serve the site")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    worker = commands.add_parser("worker", help="send waiting mail and do what time asks for")
    worker.add_argument("--once", action="store_true", help="do what is due now, then stop")
    # The worker begins this beside itself, so that mail does not wait for long computations.
    worker.add_argument("--queue", action="store_true", help=argparse.SUPPRESS)
    importer = commands.add_parser("import", help="import a publisher's own file")
    importer.add_argument("kind", metavar="KIND", help="smhi, ghg-json, scb-codes, scb-population, …")
    importer.add_argument("source", metavar="FILE-OR-URL")
    importer.add_argument("--dry-run", action="store_true", help="only tell what would change")
    importer.add_argument("--release", default="", help="the publisher's version, where the file does not say it")
    importer.add_argument("--licence", default="", help="the publisher's licence, where one is stated")
    importer.add_argument("--source-url", default="", help="the page where the file is published")
    importer.add_argument("--partial", action="store_true", help="take a file that lacks municipalities")
    pathway = commands.add_parser("pathway", help="compute pathways from plain files")
    pathway_command.add_arguments(pathway)
    draw = commands.add_parser("draw", help="draw a panel by lottery in a way that anyone can check")
    draw_command.add_arguments(draw)
    commands.add_parser("receive-post", help="take in a post sent by mail, from the mail server on standard input")
    simulate = commands.add_parser("simulate", help="fill a database with made-up content, for measuring")
    simulate.add_argument("--networks", type=int, default=150, metavar="N")
    simulate.add_argument("--actors", type=int, default=10_000, metavar="N")
    simulate.add_argument("--posts", type=int, default=100_000, metavar="N")
    simulate.add_argument("--seed", type=int, default=1, help="the same number makes the same content")
    commands.add_parser("check", help="tell what is wrong with this installation")
    return parser


if __name__ == "__main__":
    sys.exit(main())
