"""The process that does what readers do not wait for, beside the worker: mail never waits for a computation."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_STOP = 5
_COMMAND = (sys.executable, "-m", "samkraft.config.command", "worker", "--queue")


def _worker() -> Worker:
    """One that does all that waits, and then returns."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def work_off() -> None:
    """Do what waits now, in this process."""
    _worker().run()


def work_on() -> int:
    """Do what waits, and what comes to wait, until told to stop or left by the process that began this one.

    What is under way is broken off: it is left as it is for the next one to take up.
    """
    worker = _worker()

    def stop(number: int, frame: FrameType | None) -> None:
        worker.running = False
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parent = os.getppid()
    while worker.running and os.getppid() == parent:
        close_old_connections()
        worker.run()
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return 0


class Beside:
    """The other process, begun again when it breaks: `keep` it now and then, and `stop` it at the end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(_COMMAND)  # noqa: S603  (our own command)

    def keep(self) -> None:
        if self._process.poll() is not None:
            self._process = subprocess.Popen(_COMMAND)  # noqa: S603  (our own command)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            # A solver that does not come back to Python hears no signal.
            self._process.kill()
            self._process.wait()
