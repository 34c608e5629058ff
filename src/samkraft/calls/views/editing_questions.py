"""The questions of a call, one page each, and how the form looks to who applies."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.applications import ApplicationForm
from ..forms.questions import QuestionForm
from ..models import Call, CallPart, Question, QuestionKind
from ..operations import questions as operations
from ..rules.answers import Typed
from ..rules.changing import Freedom
from .editing import freedom_shown, part_context, removed, saved
from .fetching import organised

PART = CallPart.QUESTIONS


def _question(call: Call, pk: int) -> Question:
    return get_object_or_404(Question.objects.select_related("call"), call=call, pk=pk)


@signed_in
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    context = {
        **part_context(call, PART, _("What do you ask?")),
        "questions": list(call.questions.all()),
        "kinds": [(kind.value, capfirst(kind.label)) for kind in QuestionKind],
        "wording_only": freedom_shown(call, PART) == Freedom.WORDING,
    }
    return render(request, "calls/questions.html", context)


@signed_in
def add(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    call = organised(request, slug)
    if key not in QuestionKind.values:
        raise Http404("There is no such kind of question.")
    free = freedom_shown(call, PART)
    form = QuestionForm(request.POST or None, kind=key, freedom=Freedom.FREE if free == Freedom.WORDING else free)
    context = {**part_context(call, PART, _("Add a question")), "form": form, "kind": QuestionKind(key).label}
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        fields = {**form.told, "kind": key}
        if saved(form, lambda: operations.add_question(call=call, fields=fields, why=form.why, by=by, now=now)):
            messages.success(request, _("The question is added, as the last one."))
            return redirect("calls:questions", slug=slug)
    return render(request, "calls/question.html", context)


@signed_in
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    question = _question(call, pk)
    free = freedom_shown(call, PART)
    form = QuestionForm(request.POST or None, kind=question.kind, question=question, freedom=free)
    context = {
        **part_context(call, PART, _("Change the question")),
        "form": form,
        "question": question,
        "kind": question.get_kind_display(),
        "wording_only": free == Freedom.WORDING,
    }
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        told = {"question": question, "fields": form.told, "why": form.why, "by": by, "now": now}
        if saved(form, lambda: operations.change_question(**told)):
            messages.success(request, _("The question is changed."))
            return redirect("calls:questions", slug=slug)
    return render(request, "calls/question.html", context)


@signed_in
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    question = _question(call, pk)
    return removed(
        request,
        call,
        PART,
        lambda **fields: operations.remove_question(question=question, **fields),
        title=_("Take the question away?"),
        what=question.label,
        back="calls:questions",
    )


@signed_in
@require_POST
def move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    question = _question(call, pk)
    by, now = cast(User, request.user), timezone.now()
    try:
        operations.move_question(question=question, up=request.POST.get("to") == "up", by=by, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    response = redirect("calls:questions", slug=slug)
    response["Location"] += f"#question-{question.pk}"
    return response


@signed_in
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The form as who applies sees it. Nothing that is written in it is kept."""
    call = organised(request, slug)
    form = ApplicationForm(call=call, questions=list(call.questions.all()), typed=Typed(), files={})
    context = {**part_context(call, PART, _("So it looks to those who apply")), "form": form}
    return render(request, "calls/questions_preview.html", context)
