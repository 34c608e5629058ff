"""Filling in an application: kept as one types, looked through, sent in. Nothing here needs scripts."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.places.models import Area
from samkraft.records.files import path_of
from samkraft.records.models import StoredFile
from samkraft.records.refusals import Refused
from samkraft.records.views import POLICY

from ..forms.applications import ApplicationForm, typed_in
from ..links import form_path, token_of
from ..models import Answer, Application, ApplicationState, Attachment, Question
from ..operations import applications as beginning
from ..operations import applications_sending as operations
from ..queries import applications as queries
from ..queries.reviews_blind import telling_while_writing
from ..rules.answers import Typed
from ..rules.applying import Window
from .applications_fetching import own, own_crumbs


@dataclass
class Sheet:
    """An application with what stands in its form, each thing read once."""

    application: Application
    typed: Typed

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.application.call.questions.all())

    @cached_property
    def files(self) -> dict[int, StoredFile]:
        return queries.attached_to(self.application)

    @cached_property
    def place(self) -> Area | None:
        return queries.place_of(self.application.call, self.typed)

    @cached_property
    def why_not(self) -> list[queries.Fault]:
        return queries.why_not(self.application, self.place, self.typed)

    @cached_property
    def faults(self) -> list[queries.Fault]:
        return queries.faults(self.application, self.typed, self.questions, self.files, self.place)

    @property
    def texts(self) -> dict[Question, str]:
        return {question: self.typed.answer(question) for question in self.questions}

    @cached_property
    def rows(self) -> list[queries.Row]:
        return queries.rows_in_form(self.application, self.typed, self.questions, self.files, self.place)


def _sheet(application: Application) -> Sheet:
    return Sheet(application, Typed.of(application.working))


@own
def form(request: HttpRequest, application: Application) -> HttpResponse:
    """The form as it stands. A POST keeps what was typed whatever else happens, and then does what was pressed."""
    now = timezone.now()
    if request.method == "POST":
        return _posted(request, application, now)
    if queries.window_of(application.call, now) != Window.OPEN or application.state == ApplicationState.EXCLUDED:
        return redirect("calls:application", token_of(application))
    sheet = _sheet(application)
    return _form_page(request, sheet, faults=sheet.faults if "faults" in request.GET else ())


def _posted(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    sheet = _sheet(application)
    typed = typed_in(request.POST, sheet.typed, sheet.questions)
    refusals = _files(request, sheet, now)
    try:
        current = operations.save(application=application, typed=typed, version=_version(request), now=now)
    except operations.Overtaken as overtaken:
        return _overtaken_page(request, overtaken, typed)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("calls:application", token_of(application))
    if refusals:
        return _form_page(request, _sheet(current), faults=refusals)
    return _next(request, current, sheet, now)


def _next(request: HttpRequest, application: Application, sheet: Sheet, now: datetime) -> HttpResponse:
    """Where the button that was pressed leads, once everything is kept."""
    token = token_of(application)
    if queries.window_of(application.call, now) != Window.OPEN:
        closed = beginning.closed_sentence(application.call, now)
        messages.warning(request, " ".join((str(closed), _("What you have written is kept."))))
        return redirect("calls:application", token)
    if "preview" in request.POST:
        return redirect("calls:application_preview", token)
    if "later" in request.POST:
        messages.success(request, _("Everything is saved. Come back by the link in your mail when you like."))
        return redirect("calls:application", token)
    messages.success(request, _("Everything is saved."))
    pressed = request.POST.get("upload") or request.POST.get("remove") or ""
    anchor = f"#id_{pressed}" if pressed in {queries.field_of(one) for one in sheet.questions} else ""
    return redirect(f"{form_path(application)}{anchor}")


def _version(request: HttpRequest) -> int:
    """What the window knew when it was opened; one that does not say knows nothing, and overwrites nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _files(request: HttpRequest, sheet: Sheet, now: datetime) -> list[queries.Fault]:
    """Keep what was uploaded and take out what was pressed away; what cannot be kept is told."""
    refused = []
    for question in queries.file_questions(sheet.questions):
        name = queries.field_of(question)
        try:
            if name in request.FILES:
                operations.attach(application=sheet.application, question=question, upload=request.FILES[name], now=now)
            elif request.POST.get("remove") == name:
                operations.detach(application=sheet.application, question=question, now=now)
        except Refused as why:
            refused.append(queries.Fault(name, str(why), question.label))
    return refused


def _form_page(request: HttpRequest, sheet: Sheet, *, faults: Any = (), **more: Any) -> HttpResponse:
    application = sheet.application
    context = {
        **_about(sheet),
        "form": ApplicationForm(
            call=application.call, questions=sheet.questions, typed=sheet.typed, files=sheet.files, faults=faults
        ),
        "version": application.version,
        "why_not": sheet.why_not,
        **more,
    }
    return render(request, "calls/application_form.html", context)


def _overtaken_page(request: HttpRequest, overtaken: operations.Overtaken, typed: Typed) -> HttpResponse:
    """Both versions: what was typed here stands in the form, what was saved elsewhere beside it."""
    current = overtaken.current
    here, there = Sheet(current, typed), _sheet(current)
    differing = [other for mine, other in zip(here.rows, there.rows, strict=True) if mine.text != other.text]
    return _form_page(request, here, differing=differing, saved_there=current.changed_at)


def _about(sheet: Sheet) -> dict[str, Any]:
    application = sheet.application
    return {
        "application": application,
        "call": application.call,
        "token": token_of(application),
        "is_sent_in": application.state == ApplicationState.SUBMITTED,
        "crumbs": own_crumbs(application, _("The form")),
    }


@own
@require_POST
def autosave(request: HttpRequest, application: Application) -> HttpResponse:
    """What the script sends as one types: kept, and answered with a line to show and what the place allows."""
    now = timezone.now()
    sheet = _sheet(application)
    typed = typed_in(request.POST, sheet.typed, sheet.questions)
    try:
        current = operations.save(application=application, typed=typed, version=_version(request), now=now)
    except Refused as refused:
        said = " ".join((str(refused), _("Press “Save and go on later” to see both.")))
        return JsonResponse({"said": said}, status=409)
    clock = date_format(timezone.localtime(now, ZoneInfo(current.call.time_zone)), "H:i")
    said = _("Saved %(clock)s") % {"clock": clock}
    if queries.window_of(current.call, now) == Window.OVER:
        said = f"{beginning.closed_sentence(current.call, now)} {said}"
    place = render_to_string("calls/_application_place.html", {"why_not": _sheet(current).why_not})
    return JsonResponse({"said": said, "version": current.version, "place": place})


@own
@require_safe
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """Whether one can apply from a place, for the piece below the choice of place."""
    before = Typed.of(application.working)
    typed = Typed(place=request.GET.get("place", "")[:12], actor_name=before.actor_name)
    sheet = Sheet(application, typed)
    return render(request, "calls/_application_place.html", {"why_not": sheet.why_not})


@own
def preview(request: HttpRequest, application: Application) -> HttpResponse:
    """Everything as it will be read, before it is sent in; and sending it in."""
    now = timezone.now()
    if request.method == "POST":
        return _sent(request, application, now)
    if queries.window_of(application.call, now) != Window.OPEN or application.state == ApplicationState.EXCLUDED:
        return redirect("calls:application", token_of(application))
    return _preview_page(request, application)


def _preview_page(request: HttpRequest, application: Application) -> HttpResponse:
    sheet = _sheet(application)
    at_fault = {fault.field for fault in sheet.faults}
    context = {
        **_about(sheet),
        "rows": [row for row in sheet.rows if row.field not in at_fault],
        "faults": sheet.faults,
        "why_not": sheet.why_not,
        "crumbs": own_crumbs(application, _("Look through")),
        "telling": telling_while_writing(application, sheet.texts, name=sheet.typed.name, place=sheet.place),
        "version": application.version,
    }
    return render(request, "calls/application_preview.html", context)


def _sent(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    try:
        operations.submit(application=application, version=_version(request), language=get_language() or "", now=now)
    except operations.Overtaken as overtaken:
        messages.warning(request, " ".join((str(overtaken), _("Look through what stands here now."))))
        return redirect("calls:application_preview", token_of(application))
    except Refused as refused:
        kept = "" if queries.window_of(application.call, now) == Window.OPEN else _("What you have written is kept.")
        messages.error(request, f"{refused} {kept}".strip())
        return redirect("calls:application_preview", token_of(application))
    messages.success(request, _("Your application is sent in. We have mailed you a receipt with all your answers."))
    return redirect("calls:application", token_of(application))


@own
@require_safe
def attachment(request: HttpRequest, application: Application, pk: int) -> HttpResponse:
    """A file of the application, to save: one that stands in the form or was sent in."""
    file = get_object_or_404(StoredFile, pk=pk)
    kept = Attachment.objects.filter(application=application, file=file).exists()
    sent_in = kept or Answer.objects.filter(application=application, file=file).exists()
    if not sent_in:
        raise Http404("The application has no such file.")
    try:
        with default_storage.open(path_of(file)) as content:
            response = HttpResponse(content.read(), content_type=file.content_type)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the storage.") from error
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
