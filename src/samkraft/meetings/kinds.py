"""The kinds of notices that people get from this app."""

from django.utils.translation import gettext_lazy as _

from samkraft.notices.kinds import NoticeKind, register

register(NoticeKind("meetings.invitation", _("Invitations to meetings, and changes to them")))
register(NoticeKind("meetings.reminder", _("Reminders of meetings")))
register(NoticeKind("meetings.agenda", _("Points proposed for an agenda, and what became of yours")))
register(NoticeKind("meetings.minutes", _("Minutes and decisions of meetings")))
