"""What came of the draw, for those who run the call: places, the waiting list, who was not chosen, and who comes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from samkraft.ui.access import signed_in
from samkraft.ui.spreadsheets import csv_text, workbook

from ..models import DRAWN_STATES, TOLD_STATES, Applicants, Application, Call, CallState, Decision, Outcome, Reply
from ..queries import decisions as queries
from ..queries import decisions_words as words
from ..queries.decisions_letters import why_outside
from ..queries.decisions_limits import Standing, features_in_draw, standing, standing_draw
from ..queries.features import Feature, features_of
from ..queries.kind_words import chosen_in_words, places_in_words
from ..rules.decisions import Held, held
from .fetching import organised, working_crumbs

ON_A_PAGE = 50
LONGEST_SEARCH = 80
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GROUPS = {
    Outcome.PLACE: "places",
    Outcome.WAITLIST: "waiting",
    Outcome.NO: "not-chosen",
}
OUTSIDE = "not-in-draw"


def _wanted(request: HttpRequest, call: Call) -> tuple[str, str]:
    wanted = request.GET.get("show", "all")
    search = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH].replace("\0", "")
    return (wanted if wanted in queries.filters_for(call) else "all"), search


@signed_in
@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    crumbs = working_crumbs(call, pgettext("of a call", "Decisions"))
    if call.state not in DRAWN_STATES:
        return render(request, "calls/decisions_before.html", {"call": call, "crumbs": crumbs})
    wanted, search = _wanted(request, call)
    features, found = features_of(call), standing(call)
    page = Paginator(queries.listed(call, wanted=wanted, search=search), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = _rows(call, page.object_list, features, found.features if found else {})
    counts = queries.counts(call)
    limits = _limits(found, features)
    context = {
        "call": call,
        "rows": rows,
        "filters": [
            {"name": name, "title": title, "count": counts[name], "is_chosen": name == wanted}
            for name, (title, _where) in queries.filters_for(call).items()
        ],
        "counts": counts,
        "wanted": wanted,
        "search": search,
        "is_told": call.state in TOLD_STATES,
        "can_change": call.state == CallState.DRAWN,
        "limits": limits,
        "limits_broken": any(not row["holds"] for row in limits),
        "chosen": chosen_in_words(call, counts["place"]),
        "places": places_in_words(call),
        "free": list(found.free) if found and call.state == CallState.ANNOUNCED else [],
        "changes": _changes(call) if counts["changed"] else [],
        "position": _("Page %(page)s of %(pages)s") % {"page": page.number, "pages": page.paginator.num_pages},
        "previous_url": _page_address(request, page.number - 1) if page.has_previous() else None,
        "next_url": _page_address(request, page.number + 1) if page.has_next() else None,
        "crumbs": crumbs,
    }
    return render(request, "calls/decisions.html", context)


def _page_address(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _rows(
    call: Call, rows: Sequence[Decision], features: Sequence[Feature], known: dict[int, dict[str, str]]
) -> list[dict[str, Any]]:
    ranks = queries.ranks(call)
    return [
        {
            "decision": row,
            "application": row.application,
            "group": OUTSIDE if _is_outside(row) else GROUPS[Outcome(row.outcome)],
            "why_outside": why_outside(call, row.application) if _is_outside(row) else "",
            "name": _who(call, row.application)[0],
            "of": _who(call, row.application)[1],
            "rank": ranks.get(row.pk),
            "is_gone": row.reply in queries.GONE,
            "features": [word for _label, word in queries.words_of(features, known.get(row.application_id, {}))],
        }
        for row in rows
    ]


def _is_outside(row: Decision) -> bool:
    """Whether somebody without a place was not in the draw at all. The row comes from `queries.listed`."""
    return row.outcome == Outcome.NO and not getattr(row, "was_in_draw", True)


def name_of(application: Application) -> str:
    """Who it is, for the organiser; of the erased nothing is known."""
    if application.erased_at is not None:
        return _("Erased")
    return application.name or application.email


def place_of(application: Application) -> str:
    """The municipality or actor that the application is from or of."""
    if application.place is not None:
        return application.place.display_name
    return application.actor.name if application.actor is not None else ""


def _who(call: Call, application: Application) -> tuple[str, str]:
    """Who applies and, second, from where; where municipalities apply, the municipality and its contact person."""
    name, place = name_of(application), place_of(application)
    return (place, name) if call.applicants == Applicants.MUNICIPALITY and place else (name, place)


def _limits(found: Standing | None, features: Sequence[Feature]) -> list[dict[str, Any]]:
    """Every limit that limits something, and whether it holds with those who have a place now."""
    if found is None:
        return []
    known = words.by_key(features)
    rows = held(found.drawn_by, found.people(found.holding))
    return [
        {"limit": words.limit(row, known), "count": words.count(row), "wanted": words.wanted(row), "holds": row.holds}
        for row in rows
        if _limits_something(row, found)
    ]


def _limits_something(row: Held, found: Standing) -> bool:
    return row.side != "quota" or row.minimum > 0 or (row.maximum or 0) < found.drawn_by.seats


def _changes(call: Call) -> list[dict[str, Any]]:
    labels = dict(Outcome.choices)
    return [
        {
            "change": change,
            "name": name_of(change.decision.application),
            "was": labels[Outcome(change.from_outcome)],
            "became": labels[Outcome(change.to_outcome)],
        }
        for change in queries.changes_of(call)
    ]


@signed_in
@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The list as a file, filtered as the page is."""
    call = organised(request, slug)
    wanted, search = _wanted(request, call)
    features, draw = features_of(call), standing_draw(call)
    rows = queries.listed(call, wanted=wanted, search=search) if draw is not None else []
    known = features_in_draw(draw) if draw is not None else {}
    is_told = call.state in TOLD_STATES
    ranks = queries.ranks(call)
    headings = [
        _("Name"), _("E-mail address"), _("Municipality or actor"), *(feature.label for feature in features),
        _("Drawn"), _("Outcome") if is_told else _("Outcome (pending: nobody is told yet)"),
        _("Place on the waiting list"), _("Answer"), _("Answer by"), _("Answered at"), _("Relaxed limit"),
    ]  # fmt: skip
    lines = [_line(row, features, known.get(row.application_id, {}), ranks.get(row.pk)) for row in rows]
    return _file(kind, f"decisions-{call.slug}", headings, lines)


def _line(row: Decision, features: Sequence[Feature], values: dict[str, str], rank: int | None) -> list[Any]:
    application = row.application
    has_answer = row.outcome == Outcome.PLACE or row.reply != Reply.NONE
    return [
        name_of(application),
        application.email if application.erased_at is None else "",
        place_of(application),
        *(feature.word(values[feature.key]) if feature.key in values else "" for feature in features),
        "" if _is_outside(row) else capfirst(row.get_drawn_outcome_display()),
        _("Not in the draw") if _is_outside(row) else capfirst(row.get_outcome_display()),
        rank,
        capfirst(row.get_reply_display()) if has_answer else "",
        row.answer_by,
        row.replied_at,
        row.relaxation,
    ]


def _file(kind: str, name: str, headings: Sequence[Any], lines: Sequence[Sequence[Any]]) -> HttpResponse:
    if kind == "xlsx":
        response = HttpResponse(workbook(name, headings, lines), content_type=XLSX)
    else:
        response = HttpResponse(csv_text(headings, lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@signed_in
@require_safe
def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who have accepted, as a list to print, with how many there are of each municipality and sector."""
    call = organised(request, slug)
    people = list(queries.accepted(call))
    by_place = Counter(place_of(person) for person in people if place_of(person))
    by_sector = Counter(capfirst(str(person.get_sector_display())) for person in people if person.sector)
    waiting = queries.counts(call).get("unanswered", 0)
    context = {
        "call": call,
        "people": [{"application": person, "place": place_of(person)} for person in people],
        "by_place": sorted(by_place.items(), key=lambda item: (-item[1], item[0])),
        "by_sector": sorted(by_sector.items(), key=lambda item: (-item[1], item[0])),
        "n_unanswered": waiting,
        "is_told": call.state in TOLD_STATES,
        "crumbs": working_crumbs(call, _("Those who come")),
    }
    return render(request, "calls/decisions_attendance.html", context)


@signed_in
@require_safe
def attendance_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    call = organised(request, slug)
    headings = [
        _("Name"),
        _("E-mail address"),
        _("Municipality or actor"),
        _("Sector of work"),
        _("Role"),
        _("Present"),
    ]
    lines = [
        [
            person.name,
            person.email,
            place_of(person),
            capfirst(str(person.get_sector_display())),
            capfirst(str(person.get_role_display())),
            "",
        ]
        for person in queries.accepted(call)
    ]
    return _file(kind, f"those-who-come-{call.slug}", headings, lines)
