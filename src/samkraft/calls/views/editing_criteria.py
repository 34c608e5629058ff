"""By what those who get a place are mixed, with limits, and how scores count."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.ui.access import signed_in

from ..forms.criteria import HowForm, LimitsForm, SizesForm
from ..models import Applicants, Call, CallPart, Criterion, FeatureSource, Merit, Question, QuestionKind
from ..operations import criteria as operations
from ..queries import checklist, features
from ..queries.calls_words import how_in_words
from ..queries.limits_log import limit_in_words
from .editing import edited, freedom_shown, part_context, removed, saved
from .fetching import organised

PART = CallPart.CRITERIA
# What is known of a person only where a person applies.
_OF_PEOPLE = {FeatureSource.SECTOR, FeatureSource.ROLE}


@signed_in
@require_safe
def criteria(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    known = features.features_of(call)
    context = {
        **part_context(call, PART, _("How are those chosen who get a place?")),
        "features": [_shown(feature) for feature in known],
        "offered": _offered(call, known),
        "problems": checklist.limit_problems(call),
        "how": how_in_words(call, known),
    }
    return render(request, "calls/criteria.html", context)


def _shown(feature: features.Feature) -> dict[str, Any]:
    limits = [
        (word, limit_in_words(feature.limits[value].minimum, feature.limits[value].maximum))
        for value, word in feature.values
        if value in feature.limits
    ]
    return {"criterion": feature.criterion, "label": feature.label, "limits": limits}


def _offered(call: Call, known: list[features.Feature]) -> list[tuple[str, str]]:
    """What can be a criterion and is not one yet: by its key, with its words."""
    taken = {feature.key for feature in known}
    sources = [source for source in FeatureSource if source != FeatureSource.QUESTION]
    if call.applicants != Applicants.PERSON:
        sources = [source for source in sources if source not in _OF_PEOPLE]
    if call.merit != Merit.TIERS:
        sources.remove(FeatureSource.MERIT)
    found = [(source.value, capfirst(str(source.label))) for source in sources]
    choices = call.questions.filter(kind=QuestionKind.CHOICE)
    found += [(f"question-{question.pk}", question.label) for question in choices]
    return [(key, words) for key, words in found if key not in taken]


@signed_in
def add(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    call = organised(request, slug)
    words = dict(_offered(call, features.features_of(call))).get(key)
    if words is None:
        raise Http404("This can be no criterion, or is one already.")
    question = None
    if key.startswith("question-"):
        question = Question.objects.get(call=call, pk=int(key.removeprefix("question-")))
    return removed(
        request,
        call,
        PART,
        lambda **fields: operations.add_criterion(call=call, source=key, question=question, **fields),
        title=_("Mix those who get a place by this?"),
        what=words,
        back="calls:criteria",
        button=_("Add the criterion"),
    )


def _criterion(call: Call, pk: int) -> Criterion:
    return get_object_or_404(Criterion.objects.with_limits().select_related("call"), call=call, pk=pk)


@signed_in
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    criterion = _criterion(call, pk)
    return removed(
        request,
        call,
        PART,
        lambda **fields: operations.remove_criterion(criterion=criterion, **fields),
        title=_("Take the criterion away?"),
        what=features.label_of(criterion),
        back="calls:criteria",
    )


@signed_in
def limits(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The table of a criterion's values with at least and at most."""
    call = organised(request, slug)
    criterion = _criterion(call, pk)
    if criterion.source == FeatureSource.SIZE and not call.size_bounds:
        return redirect("calls:edit_sizes", slug=slug)
    feature = features.feature_of(criterion, call)
    form = LimitsForm(
        request.POST or None,
        values=feature.values,
        limits=feature.limits,
        call=call,
        freedom=freedom_shown(call, PART),
    )
    title = _("Limits: %(feature)s") % {"feature": feature.label}
    is_size = criterion.source == FeatureSource.SIZE
    context = {**part_context(call, PART, title), "form": form, "criterion": criterion, "is_size": is_size}
    if request.method == "POST" and not context["why_not"] and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        told = {"criterion": criterion, "limits": form.limits, "why": form.why, "by": by, "now": now}
        if saved(form, lambda: operations.set_limits(**told)):
            messages.success(request, _("The limits are saved."))
            return redirect("calls:criteria", slug=slug)
    return render(request, "calls/criteria_limits.html", context)


@signed_in
def sizes(request: HttpRequest, slug: str) -> HttpResponse:
    """Into which classes municipalities are parted by their size; then to the limits, where it is a criterion."""
    call = organised(request, slug)
    form = SizesForm(request.POST or None, bounds=call.size_bounds, freedom=freedom_shown(call, PART))
    response = edited(request, call, PART, form, _("Which are small, and which are large?"), is_sizes=True)
    if response.status_code != 302:
        return response
    criterion = call.criteria.filter(source=FeatureSource.SIZE).first()
    if criterion is None:
        return redirect("calls:criteria", slug=slug)
    return redirect("calls:criterion", slug=slug, pk=criterion.pk)


@signed_in
def how(request: HttpRequest, slug: str) -> HttpResponse:
    """What holds for all: how many from one municipality, how scores count."""
    call = organised(request, slug)
    initial = {name: getattr(call, name) for name in HowForm.base_fields}
    form = HowForm(request.POST or None, initial=initial, freedom=freedom_shown(call, PART))
    response = edited(request, call, PART, form, _("What else holds?"))
    return redirect("calls:criteria", slug=slug) if response.status_code == 302 else response
