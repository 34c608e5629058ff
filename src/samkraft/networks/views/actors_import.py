"""Actors from a spreadsheet: a template, a look at what would be made, and then all of it or nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records import sheets
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import allowed
from samkraft.ui.spreadsheets import workbook

from ..forms import actors_import as forms
from ..operations.actors_import import import_actors
from .actors import crumbs

SALT = "samkraft.networks.import"
PREVIEW_HOLDS = timedelta(hours=12)
MOST_SHOWN = 200
# The rows come back with the form; more than this the server does not take.
MOST_SENT = 2_000_000


@allowed("networks.imports_actors")
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file, and look at what would be made of it. Nothing is kept yet."""
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        if not allow(
            action="networks.read_import", account=user, limit=60, period=timedelta(hours=1), now=timezone.now()
        ):
            return render(request, "429.html", status=429)
        try:
            rows = sheets.read(form.cleaned_data["file"], most_rows=forms.MOST_ROWS + 1)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return _preview(request, rows)
    return render(request, "networks/actors_import.html", {"form": form, "crumbs": _crumbs()})


@allowed("networks.imports_actors")
@require_POST
def carry_out(request: HttpRequest) -> HttpResponse:
    """Make what the look showed. What has changed since then is shown again instead."""
    user = cast(User, request.user)
    try:
        rows = signing.loads(
            request.POST.get("rows", ""), salt=f"{SALT} {user.pk}", max_age=int(PREVIEW_HOLDS.total_seconds())
        )
    except signing.BadSignature:
        messages.error(request, _("It has been too long since you chose the file. Choose it again."))
        return redirect("networks:actors_import")
    plan = forms.planned(rows)
    if not plan.can_be_carried_out or len(plan.new) != _count(request.POST.get("count", "")):
        messages.warning(request, _("The register has changed meanwhile. Look at the list again; nothing is made yet."))
        return _preview(request, rows)
    now = timezone.now()
    # Each may be a mail to two thousand people who have not asked for it.
    if not user.is_steward and not allow(
        action="networks.import_actors", account=user, limit=3, period=timedelta(days=1), now=now
    ):
        return render(request, "429.html", status=429)
    try:
        made = import_actors(rows=plan.new, by=user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return _preview(request, rows)
    text = ngettext("%(count)s actor is now in the register.", "%(count)s actors are now in the register.", len(made))
    messages.success(request, text % {"count": len(made)} + " " + _("Those you named as contacts get an e-mail."))
    return redirect("networks:actors")


@allowed("networks.imports_actors")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty spreadsheet with the headings, and one row that shows how it is filled in."""
    example = [
        _("The Green Bakery"),
        _("company"),
        "SE",
        "556036-0793",
        "https://bakery.example/",
        "",
        "Mariestad, Töreboda",
        _("We bake with wind power and deliver by bicycle."),
        "Eva Ek",
        "https://bakery.example/our-transition/",
        "2026-01-15",
        "eva@bakery.example",
    ]
    content = workbook(_("Actors"), [str(words) for words in forms.COLUMNS.values()], [example])
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = 'attachment; filename="actors-template.xlsx"'
    return response


def _preview(request: HttpRequest, rows: Sequence[Sequence[str]]) -> HttpResponse:
    plan = forms.planned(rows)
    signed = ""
    if plan.can_be_carried_out:
        signed = signing.dumps(rows, salt=f"{SALT} {request.user.pk}", compress=True)
        if len(signed) > MOST_SENT:
            plan.faults.append(forms.Fault(1, "", "", _("The file holds too much text. Divide it into two files.")))
            signed = ""
    context = {
        "plan": plan,
        "signed": signed,
        "most": MOST_SHOWN,
        "faults": plan.faults[:MOST_SHOWN],
        "new": plan.new[:MOST_SHOWN],
        "skipped": plan.skipped[:MOST_SHOWN],
        "crumbs": _crumbs(),
    }
    return render(request, "networks/actors_import_preview.html", context)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _crumbs() -> list[dict[str, Any]]:
    return crumbs((_("Import actors"), ""))
