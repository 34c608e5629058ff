"""The kinds of notices that people get from this app."""

from django.utils.translation import gettext_lazy as _

from samkraft.notices.kinds import NoticeKind, register

register(
    NoticeKind("feeds.confirm", _("Confirming that you want to follow a place by mail"), critical=True, in_app=False)
)
register(NoticeKind("feeds.digest", _("News of the places and networks that you follow"), in_app=False))
register(NoticeKind("feeds.moderation", _("Reports and decisions about your posts")))
register(NoticeKind("feeds.report", _("Reported posts and posts mailed in, if you look after them")))
