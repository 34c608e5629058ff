"""The tasks of a campaign."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.campaigns import TaskForm
from ..models import CampaignTask, Network
from ..operations import campaigns_tasks as operations
from ..queries import campaigns as queries
from .campaigns import campaign_crumbs, to_work, worked_on


def _own_task(request: HttpRequest, pk: int) -> CampaignTask:
    """The task, for those who may change it."""
    rows = CampaignTask.objects.select_related("campaign__network__county", "campaign__lead", "owner", "actor")
    task = rows.filter(pk=pk, campaign__network__in=Network.objects.open()).first()
    if task is None or not operations.may_change(request.user, task):
        raise Http404("The reader has no say in this task.")
    return task


@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = worked_on(request, pk)
    form = TaskForm(request.POST or None, helpers=queries.helpers(campaign.network))
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            task = operations.add(campaign=campaign, **form.cleaned_data, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = task.owner is not None and task.owner_id != by.pk
            done = _("The task is written down, and the one who does it is told.") if told else ""
            messages.success(request, done or _("The task is written down."))
            return to_work(campaign)
    context = {"campaign": campaign, "form": form, "crumbs": campaign_crumbs(campaign, _("Add a task"))}
    return render(request, "networks/campaign_task.html", context)


@signed_in
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task: what, who, by when."""
    found = _own_task(request, pk)
    form = TaskForm.of(found, request.POST or None, queries.helpers(found.campaign.network))
    if request.method == "POST" and form.is_valid():
        by, now = cast(User, request.user), timezone.now()
        try:
            operations.change(task=found, **form.cleaned_data, by=by, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The task is changed."))
            return to_work(found.campaign)
    crumbs = campaign_crumbs(found.campaign, _("Change a task"))
    context = {"campaign": found.campaign, "task": found, "form": form, "crumbs": crumbs}
    return render(request, "networks/campaign_task.html", context)


@signed_in
@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a task as done, or as not done after all."""
    found = _own_task(request, pk)
    is_done = request.POST.get("done") == "yes"
    try:
        operations.set_done(task=found, is_done=is_done, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = _("Done: %(task)s.") if is_done else _("Not done after all: %(task)s.")
        messages.success(request, words % {"task": found.title})
    if request.POST.get("back") == "my":
        return redirect("portal:my")
    return to_work(found.campaign)


@signed_in
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task away. Asks before it does."""
    found = _own_task(request, pk)
    if request.method == "POST":
        try:
            operations.remove(task=found, by=cast(User, request.user))
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The task is gone."))
        return to_work(found.campaign)
    crumbs = campaign_crumbs(found.campaign, _("Remove a task"))
    return render(
        request,
        "networks/campaign_task_remove.html",
        {"campaign": found.campaign, "task": found, "crumbs": crumbs},
    )
