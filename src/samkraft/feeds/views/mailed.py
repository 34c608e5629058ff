"""The stewards' queue of posts that were mailed in."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.models import TransitionLog
from samkraft.records.refusals import Refused
from samkraft.ui.access import allowed

from ..forms.mailed import RejectForm
from ..models import MailedPost, MailedState
from ..operations import mailed as operations
from .posts import one_page


@allowed("people.is_steward")
@require_safe
def mailed_posts(request: HttpRequest) -> HttpResponse:
    """What was mailed in: first what awaits somebody, or all of it."""
    everything = request.GET.get("all") == "1"
    rows = MailedPost.objects.select_related("network")
    found, next_url = one_page(request, rows if everything else rows.filter(state=MailedState.WAITING))
    return render(request, "feeds/mailed.html", {"found": found, "next_url": next_url, "everything": everything})


@allowed("people.is_steward")
def mailed_post(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail: make a draft of it, or say why it is not used."""
    rows = MailedPost.objects.select_related("network__newspaper_area", "network__county", "post")
    mailed = get_object_or_404(rows, pk=pk)
    rejecting = request.POST.get("step") == "reject"
    form = RejectForm(request.POST if rejecting else None)
    if request.method == "POST" and (not rejecting or form.is_valid()):
        by, now = cast(User, request.user), timezone.now()
        try:
            if rejecting:
                operations.reject(mailed=mailed, why=form.cleaned_data["why"], by=by, now=now)
                messages.success(request, _("The mail is put away with the reason."))
                return redirect("feeds:mailed")
            post = operations.make_draft(mailed=mailed, by=by, now=now)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("feeds:mailed_post", pk=mailed.pk)
        messages.success(request, _("This is a draft by the network. Read it through before you publish it."))
        return redirect("feeds:edit_post", pk=post.pk)
    context = {
        "mailed": mailed,
        "pictures": mailed.pictures.select_related("file"),
        "form": form,
        "waits": mailed.state == MailedState.WAITING,
        "log": TransitionLog.objects.of(mailed).select_related("by"),
    }
    return render(request, "feeds/mailed_post.html", context)
