"""Everything that is kept about an applicant, as data."""

from collections.abc import Iterable
from typing import Any

from samkraft.notices.models import OutboxMessage
from samkraft.records.models import StoredFile

from ..models import TOLD_STATES, Application, Decision, Draw, PoolMember, Review, Score
from . import applications as queries

ABOUT = (
    "state",
    "email",
    "name",
    "language",
    "role",
    "sector",
    "actor_name",
    "begun_at",
    "confirmed_at",
    "changed_at",
    "submitted_at",
)


def everything_in(application: Application) -> dict[str, Any]:
    """What is kept of one application. What reviewers wrote and what was decided is told once it is announced."""
    told = application.call.state in TOLD_STATES
    answers = application.answers.select_related("question", "file")
    return {
        "call": application.call.title,
        **{name: getattr(application, name) for name in ABOUT},
        "place": application.place.full_name if application.place else "",
        "sent_in": [
            {"question": row.question.label, "answer": row.text, "file": row.file.name if row.file else ""}
            for row in answers
        ],
        "in_the_form": application.working,
        "files": [
            {"name": file.name, "size": file.size, "stored_at": file.stored_at} for file in files_of(application)
        ],
        "moves": [{"from": log.from_state, "to": log.to_state, "at": log.at} for log in queries.log_of(application)],
        "mails": list(
            mails_about(application).order_by("pk").values("kind", "subject", "text", "written_at", "sent_at")
        ),
        "draws": list(
            PoolMember.objects.filter(application=application, draw__in=_committed(application)).values(
                "public_id", "salt", "features", "optimal", "drawn"
            )
        ),
        "reviews": _reviews(application) if told else [],
        "decision": _decision(application) if told else None,
    }


def _committed(application: Application) -> Any:
    """The draws of its call that were committed to: what a draw only tries out, or is still computed from, tells too
    early how it was judged."""
    return Draw.objects.real().filter(call=application.call_id, committed_at__isnull=False)


def mails_about(application: Application) -> Any:
    """The mails that lead to the application's own pages; their addresses hold its key."""
    return OutboxMessage.objects.filter(url__contains=f"/{application.key}:")


def files_of(application: Application) -> list[StoredFile]:
    """All files, of the form and of what was sent in, each once."""
    sent_in = application.answers.exclude(file=None).values("file")
    in_form = application.attachments.values("file")
    rows: Iterable[StoredFile] = StoredFile.objects.filter(pk__in=sent_in) | StoredFile.objects.filter(pk__in=in_form)
    return list(rows)


def _reviews(application: Application) -> list[dict[str, Any]]:
    """Points and comments, without whose they are."""
    found = []
    for review in Review.objects.done().filter(application=application):
        points = Score.objects.filter(review=review).values("scale__label", "points")
        found.append({"comment": review.comment, "points": list(points)})
    return found


def _decision(application: Application) -> dict[str, Any] | None:
    rows = Decision.objects.filter(application=application)
    return rows.values("outcome", "position", "offered_at", "answer_by", "reply", "replied_at").first()
