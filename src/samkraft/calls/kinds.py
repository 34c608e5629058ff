"""The kinds of notices that people get from this app."""

from django.utils.translation import gettext_lazy as _

from samkraft.notices.kinds import NoticeKind, register

register(NoticeKind("calls.link", _("Links to your applications"), critical=True, in_app=False))
register(NoticeKind("calls.receipt", _("Receipts of your applications"), critical=True))
register(NoticeKind("calls.decision", _("What became of your applications"), critical=True))
register(NoticeKind("calls.answer", _("Reminders to answer an offered place"), critical=True))
register(NoticeKind("calls.deadline", _("Reminders of applications that you have begun")))
register(NoticeKind("calls.organiser", _("What the organiser of a call writes to its applicants"), critical=True))
register(NoticeKind("calls.invitation", _("Invitations to organise or review a call")))
register(NoticeKind("calls.review", _("Applications to review")))
register(NoticeKind("calls.work", _("What happens in calls that you organise")))
