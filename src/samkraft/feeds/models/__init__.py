"""Posts, those who follow them by mail, and what comes in from elsewhere."""

from .following import Frequency, Subscription, SubscriptionQuerySet
from .incoming import MAILED_POST, InflowItem, InflowSource, MailedPicture, MailedPost, MailedState
from .posts import POST, POST_REPORT, Decision, ModerationDecision, Post, PostKind, PostPicture, PostQuerySet, PostState

__all__ = [
    "MAILED_POST",
    "POST",
    "POST_REPORT",
    "Decision",
    "Frequency",
    "InflowItem",
    "InflowSource",
    "MailedPicture",
    "MailedPost",
    "MailedState",
    "ModerationDecision",
    "Post",
    "PostKind",
    "PostPicture",
    "PostQuerySet",
    "PostState",
    "Subscription",
    "SubscriptionQuerySet",
]
