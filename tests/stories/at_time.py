"""Lets the worker do what is due at the times that are given, one after the other, as if they had come.

Run with the environment of a site: `python tests/stories/at_time.py 2027-10-20T08:00:00+02:00 …`
"""

import os
import sys
from datetime import datetime

import django


def work_at(moments: list[datetime]) -> None:
    # Django has to be set up before its models can be imported.
    from samkraft.config.ticking import Worker

    worker = Worker()
    for moment in moments:
        worker.tick(now=moment)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
    django.setup()
    work_at([datetime.fromisoformat(moment) for moment in sys.argv[1:]])
