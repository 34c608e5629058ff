"""The kinds of notices that people get from this app."""

from django.utils.translation import gettext_lazy as _

from samkraft.notices.kinds import NoticeKind, register

register(NoticeKind("people.code", _("Codes for signing in"), critical=True, in_app=False))
register(NoticeKind("people.account", _("Changes to your account"), critical=True, in_app=False))
register(NoticeKind("people.answer", _("Answers to what you told us"), critical=True, in_app=False))
register(NoticeKind("people.invitation", _("Invitations to take part in an area")))
register(NoticeKind("people.accepted", _("Answers to your invitations")))
register(NoticeKind("people.membership", _("Changes to your roles")))
register(NoticeKind("people.visitor_message", _("Messages from visitors, if you are a steward")))
