"""The text that a campaign's actors write together: each saving is a version, and nobody's words are lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from samkraft.people.models import User
from samkraft.records.refusals import Refused

from ..models import Campaign, CampaignState, CampaignText
from ..queries import campaigns as queries


class TextChanged(Refused):
    """Somebody saved a newer version than the one that the person began from."""


@transaction.atomic
def save_text(*, campaign: Campaign, text: str, seen: int, by: User, now: datetime) -> int:
    """Save the text as a new version. Returns its number; the same text again makes none.

    `seen` is the version that the person began from. Raises TextChanged when there is a newer one, and then
    nothing is changed: the page shows both, and the person decides. Raises Refused for those who take no part.
    """
    if not queries.takes_part(by, campaign.network):
        raise Refused(_("Only those who take part in the network can do this."))
    if campaign.state == CampaignState.DROPPED:
        raise Refused(_("The campaign is dropped. Take it up again before you write."))
    rows = Campaign.objects.filter(pk=campaign.pk, text_version=seen)
    if rows.filter(text=text).exists():
        return seen
    if not rows.update(text=text, text_version=seen + 1):
        raise TextChanged(_("Somebody else has saved the text while you wrote. Nothing of yours is lost."))
    CampaignText.objects.create(campaign=campaign, number=seen + 1, text=text, by=by, at=now)
    campaign.text, campaign.text_version = text, seen + 1
    return seen + 1


def restore_text(*, version: CampaignText, seen: int, by: User, now: datetime) -> int:
    """Make an older version the newest, as a version of its own. Raises what `save_text` raises."""
    return save_text(campaign=version.campaign, text=version.text, seen=seen, by=by, now=now)
