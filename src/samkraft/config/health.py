"""The address by which a proxy or a monitor asks whether this process can serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from samkraft.ui.access import public


@public
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})
