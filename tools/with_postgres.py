"""Runs a command with a PostgreSQL of its own: a fresh data folder, a free port, gone afterwards.

    python tools/with_postgres.py COMMAND [ARGUMENT ...]

The server is Debian's. It never runs as root: a root shell starts it as the user `postgres`.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def programs() -> Path | None:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    return found[-1].parent if found else None


def as_server_user(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: list[str]) -> int:
    # Told to stop, the server is stopped too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    folder = programs()
    if folder is None:
        print("PostgreSQL is missing. On Debian: apt-get install postgresql", file=sys.stderr)
        return 1
    home = Path(tempfile.mkdtemp(prefix="samkraft-postgres-"))
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
    port = free_port()
    settings = ["listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "max_connections=250"]
    options = " ".join([f"-p {port} -k {home}", *(f"-c {setting}" for setting in settings)])
    control = [str(folder / "pg_ctl"), "-D", str(home / "data"), "-w"]
    initialise = ["-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "-U", user]
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
    try:
        subprocess.run(
            as_server_user([str(folder / "initdb"), "-D", str(home / "data"), *initialise]), check=True, **quiet
        )
        start = [*control, "-l", str(home / "log"), "-o", options, "start"]
        subprocess.run(as_server_user(start), check=True, **quiet)
        try:
            url = f"postgres://{user}@127.0.0.1:{port}/postgres"
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
        finally:
            subprocess.run(as_server_user([*control, "-m", "immediate", "stop"]), check=False, **quiet)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
