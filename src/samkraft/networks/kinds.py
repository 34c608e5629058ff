"""The kinds of notices that people get from this app."""

from django.utils.translation import gettext_lazy as _

from samkraft.notices.kinds import NoticeKind, register

register(NoticeKind("networks.invitation", _("Invitations to take part for an actor or in a network")))
register(NoticeKind("networks.membership", _("What happens with your actor's membership")))
register(NoticeKind("networks.renewal", _("Reminders to renew a membership")))
register(NoticeKind("networks.condition", _("New versions of a condition")))
register(NoticeKind("networks.evidence", _("Applications and evidence to check, if you convene a network")))
register(NoticeKind("networks.campaign", _("Campaigns and tasks")))
register(NoticeKind("networks.network", _("What happens with networks that you are part of")))
register(NoticeKind("networks.contact", _("What readers write to the contacts of a network")))
register(NoticeKind("networks.proposal", _("Newspaper areas that somebody proposes")))
register(NoticeKind("networks.link", _("Links of your actor that no longer answer")))
