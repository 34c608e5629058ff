"""How a call's selection was made, for everybody: the report, the files, and how to check the draw oneself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.ui.access import public_page

from ..models import Call, Draw
from ..queries import report as queries
from ..queries.check_words import lines_of


def _tags(slug: str, **_keys: str) -> tuple[str, ...]:
    return (f"call:{slug}",)


def _call(slug: str) -> Call:
    """A call that is published; one that is not has no report, not even for those who run it."""
    return get_object_or_404(Call.objects.public().select_related("area", "actor").defer("area__outline"), slug=slug)


def _with_draw(slug: str) -> tuple[Call, Draw]:
    call = _call(slug)
    draw = queries.committed_draw(call)
    if draw is None:
        raise Http404("Nothing is committed to.")
    return call, draw


def _crumbs(call: Call, *titles: str) -> list[dict[str, str]]:
    way = [(_("Calls"), reverse("calls:index")), (call.title, call.get_absolute_url())]
    if len(titles) > 1:
        way.append((titles[0], reverse("calls:report", args=[call.slug])))
    return [{"title": title, "url": url} for title, url in [*way, (titles[-1], "")]]


@public_page(_tags)
@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Who was chosen and how, in sum and in plain words; before the announcement, what was committed to."""
    call = _call(slug)
    context = {
        "call": call,
        "report": queries.report_of(call),
        "crumbs": _crumbs(call, _("How the selection was made")),
    }
    return render(request, "calls/report.html", context)


@public_page(_tags)
@require_safe
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """How a stranger redoes the draw, and what comes of it when we do."""
    call, draw = _with_draw(slug)
    checked = queries.checked(call, draw)
    context = {
        "call": call,
        "draw": draw,
        "report": queries.report_of(call),
        "checked": checked,
        "lines": lines_of(checked.sentences),
        "crumbs": _crumbs(call, _("How the selection was made"), _("Check the draw yourself")),
    }
    return render(request, "calls/check.html", context)


@public_page(_tags)
@require_safe
def file(request: HttpRequest, slug: str, key: str, to: str) -> HttpResponse:
    """One public file of the draw, or the script."""
    name = f"{key}.{to}"
    content = queries.public_file(_call(slug), name)
    if content is None or to not in queries.CONTENT_TYPES:
        raise Http404("There is no such public file.")
    return _download(content, name, queries.CONTENT_TYPES[to])


@public_page(_tags)
@require_safe
def everything(request: HttpRequest, slug: str) -> HttpResponse:
    """All public files and the script, in one."""
    call, draw = _with_draw(slug)
    return _download(queries.zipped(call, draw), f"{call.slug}-draw.zip", "application/zip")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)
