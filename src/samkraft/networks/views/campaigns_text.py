"""The text that a campaign's actors write together, and its versions."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in
from samkraft.ui.rich_text import to_plain

from ..forms.campaigns import TextForm
from ..models import Campaign, CampaignText
from ..operations import campaigns_text as operations
from ..rules.campaigns import compared
from .campaigns import campaign_crumbs, to_work, worked_on

A_PAGE = 50


@signed_in
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the text. Where somebody else has saved meanwhile, both texts are shown and nothing is lost."""
    campaign = worked_on(request, pk)
    initial = {"text": campaign.text, "version": campaign.text_version}
    form = TextForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"campaign": campaign, "crumbs": campaign_crumbs(campaign, _("Text"))}
    if request.method == "POST" and form.is_valid():
        mine, seen = form.cleaned_data["text"], form.cleaned_data["version"]
        try:
            operations.save_text(
                campaign=campaign, text=mine, seen=seen, by=cast(User, request.user), now=timezone.now()
            )
        except operations.TextChanged as refused:
            context |= _both(campaign, mine)
            form = TextForm(initial={"text": mine, "version": context["theirs"].text_version})
            context["refused"] = str(refused)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The text is saved as a version of its own."))
            return to_work(campaign)
    return render(request, "networks/campaign_text.html", {**context, "form": form})


def _both(campaign: Campaign, mine: str) -> dict[str, Any]:
    """What somebody else has saved, and how it differs from what the reader wants to save."""
    theirs = Campaign.objects.get(pk=campaign.pk)
    latest = CampaignText.objects.filter(campaign=campaign).select_related("by").first()
    return {"theirs": theirs, "latest": latest, "lines": compared(to_plain(theirs.text), to_plain(mine))}


@signed_in
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    campaign = worked_on(request, pk)
    rows = CampaignText.objects.filter(campaign=campaign).select_related("by").defer("text")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "page": page, "crumbs": campaign_crumbs(campaign, _("Versions of the text"))}
    return render(request, "networks/campaign_text_versions.html", context)


def _version(campaign: Campaign, number: int) -> CampaignText:
    found = CampaignText.objects.filter(campaign=campaign, number=number).select_related("by").first()
    if found is None:
        raise Http404("No such version.")
    return found


@signed_in
@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it was, and what it changed since the one before or since another that is asked for."""
    campaign = worked_on(request, pk)
    shown = _version(campaign, number)
    wanted = request.GET.get("since", "")
    since = int(wanted) if wanted.isdecimal() and len(wanted) < 8 else number - 1
    before = CampaignText.objects.filter(campaign=campaign, number=since).select_related("by").first()
    context = {
        "campaign": campaign,
        "shown": shown,
        "before": before,
        "lines": compared(to_plain(before.text) if before else "", to_plain(shown.text)),
        "numbers": [one for one in range(campaign.text_version, 0, -1) if one != number],
        "crumbs": campaign_crumbs(campaign, _("Version %(number)s") % {"number": number}),
    }
    return render(request, "networks/campaign_text_version.html", context)


@signed_in
@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an older version the newest, as a version of its own."""
    campaign = worked_on(request, pk)
    older = _version(campaign, number)
    older.campaign = campaign
    seen = request.POST.get("version", "")
    try:
        if not (seen.isdecimal() and len(seen) < 8):
            raise Refused(_("Open the page again and restore the version there."))
        operations.restore_text(version=older, seen=int(seen), by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("networks:campaign_text_version", pk=pk, number=number)
    messages.success(request, _("Version %(number)s is the text again. All others are kept.") % {"number": number})
    return to_work(campaign)


@signed_in
@require_safe
def plain(request: HttpRequest, pk: int) -> HttpResponse:
    """The text to send to a newspaper: plain, as a file."""
    campaign = worked_on(request, pk)
    words = f"{campaign.title}\n\n{to_plain(campaign.text)}\n"
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}.txt"'
    return answer


@signed_in
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The text alone, to be printed."""
    campaign = worked_on(request, pk)
    return render(request, "networks/campaign_text_paper.html", {"campaign": campaign})
