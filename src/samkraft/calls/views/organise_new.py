"""Opening a call, and copying one."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import allowed, signed_in

from ..forms.calls import NewCallForm, TitleForm
from ..operations.calls import begin_call
from ..operations.copying import copy_call
from ..queries import people
from .fetching import organised, working_crumbs

MOST_TO_CHOOSE = 400


@allowed("calls.may_begin")
def new(request: HttpRequest) -> HttpResponse:
    """In whose name, of what kind, under which title. What follows is filled in step by step."""
    user = cast(User, request.user)
    places = list(people.places_to_begin_for(user)[:MOST_TO_CHOOSE])
    actors = list(people.actors_to_begin_for(user)[:MOST_TO_CHOOSE])
    form = NewCallForm(request.POST or None, places=places, actors=actors)
    if request.method == "POST" and form.is_valid():
        try:
            call = begin_call(**form.call_fields(), by=user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is made. Only you see it until you publish it."))
            return redirect("calls:organise", slug=call.slug)
    crumbs = [{"title": _("Calls"), "url": reverse("calls:index")}, {"title": _("Open a call"), "url": ""}]
    return render(request, "calls/new.html", {"form": form, "crumbs": crumbs})


@signed_in
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    form = TitleForm(request.POST or None, initial={"title": call.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = copy_call(call=call, **form.cleaned_data, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The copy is a draft of yours. Set its dates, and look through the rest."))
            return redirect("calls:organise", slug=made.slug)
    context = {"call": call, "form": form, "crumbs": working_crumbs(call, _("Copy the call"))}
    return render(request, "calls/copy.html", context)
