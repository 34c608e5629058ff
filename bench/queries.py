"""Database queries of a page that is made anew."""

import os
from collections.abc import Mapping


def counts(pages: Mapping[str, str]) -> dict[str, int]:
    """Queries by path, with the page cache left out."""
    os.environ["BENCH"] = "uncached"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    # Django can be set up only after the environment says with which settings.
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="127.0.0.1")
    found = {}
    for path in pages.values():
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found[path] = len(captured)
    connection.close()
    return found
