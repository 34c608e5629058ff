"""Who may do what with calls, as one-line predicates.

A call's organisers run it; so may who coordinates the place or answers for the actor that organises it, and the
stewards, so that a call is never without somebody who can. Reviewers read what is assigned to them and nothing else.
"""

from typing import Any

import rules

from samkraft.people.permissions import is_steward
from samkraft.records.files import Purpose, register_purpose
from samkraft.records.models import StoredFile

from .models import Answer, Application, Call, CallRole, Draw, Review
from .queries import people


def _active(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


@rules.predicate
def runs(user: Any, call: Call) -> bool:
    return _active(user) and people.is_in_call(user, call, [CallRole.ORGANISER])


@rules.predicate
def stands_behind(user: Any, call: Call) -> bool:
    """Coordinates the place, or answers for the actor, in whose name the call is."""
    return _active(user) and people.stands_behind(user, call)


organises = runs | stands_behind | is_steward


@rules.predicate
def reviews(user: Any, call: Call) -> bool:
    return _active(user) and people.is_in_call(user, call, [CallRole.REVIEWER])


@rules.predicate
def may_begin(user: Any) -> bool:
    """Whether the person can open calls at all: for some place, actor, or as a steward."""
    return _active(user) and (is_steward(user) or people.can_begin(user))


@rules.predicate
def organises_for_application(user: Any, application: Application) -> bool:
    return organises(user, application.call)


@rules.predicate
def organises_for_draw(user: Any, draw: Draw) -> bool:
    return organises(user, draw.call)


@rules.predicate
def judges(user: Any, review: Review) -> bool:
    """The reviewer whose it is, as long as they are one of the call's reviewers."""
    return _active(user) and review.reviewer_id == user.pk and reviews(user, review.application.call)


def reads_attachment(user: Any, file: StoredFile) -> bool:
    """Attachments are private: the applicant's and the organisers'.

    An applicant without an account reads theirs through the link in their mail, and reviewers through the review,
    under a name that tells nothing: what a file is called often holds who sent it.
    """
    if not _active(user):
        return False
    kept = Answer.objects.select_related("application__call").filter(file=file).first()
    if kept is None:
        return file.by_id is not None and file.by_id == user.pk
    application = kept.application
    return application.user_id == user.pk or bool(organises(user, application.call))


rules.add_rule("calls.organises", organises)
rules.add_rule("calls.reviews", reviews)
rules.add_rule("calls.may_begin", may_begin)
rules.add_rule("calls.organises_for_application", organises_for_application)
rules.add_rule("calls.organises_for_draw", organises_for_draw)
rules.add_rule("calls.judges", judges)
register_purpose(Purpose("calls.attachment", may_read=reads_attachment))
