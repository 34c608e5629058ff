"""Reading stored files: whoever asks, the rule of the file's purpose is asked first."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from samkraft.ui.access import public

from . import files
from .models import FileKind, StoredFile

# A browser that shows the file all the same must not run anything in it as if it were our page.
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@public
@require_safe
def file(request: HttpRequest, token: str, part: str) -> HttpResponse:
    """A picture in one width, or a document to save. Whoever may not read it learns nothing of it."""
    found = get_object_or_404(StoredFile, token=token)
    width = _width(found, part)
    if not files.may_read(request.user, found):
        raise Http404("The reader may not have this file.")
    etag = f'"{found.sha256[:32]}-{width or "document"}"'
    response = get_conditional_response(request, etag=etag) or _answer(found, width)
    response["ETag"] = etag
    # It may be kept, but is asked for each time: what is no longer public is gone at once.
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _width(found: StoredFile, part: str) -> int | None:
    if found.kind == FileKind.DOCUMENT:
        if part != found.name:
            raise Http404("The file has another name.")
        return None
    if part not in map(str, files.widths(found)):
        raise Http404("The picture is not kept in this width.")
    return int(part)


def _answer(found: StoredFile, width: int | None) -> HttpResponse:
    try:
        with default_storage.open(files.path_of(found, width=width)) as content:
            response = HttpResponse(content.read(), content_type=found.content_type)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the storage.") from error
    shown = found.kind == FileKind.PICTURE
    response["Content-Disposition"] = content_disposition_header(not shown, found.name)
    return response
