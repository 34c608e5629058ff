"""How selections were made, as open data: what stands in the public reports, and nothing else."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema

from samkraft.statistics.api import Paging, Problem, Text, page

from ..models import Call, DrawState
from ..queries import report as queries

router = Router()


class ReportOut(Schema):
    """A call with a public report."""

    call: str = Field(description="Slug of the call")
    title: str
    state: str
    seats: int
    url: str = Field(description="The report's page")

    @staticmethod
    def resolve_call(call: Call) -> str:
        return call.slug

    @staticmethod
    def resolve_url(call: Call) -> str:
        return f"{call.get_absolute_url()}report/"


class ReportPage(Schema):
    items: list[ReportOut]
    next: str | None = Field(description="Address of the next page")


class FileOut(Schema):
    name: str
    sha256: str
    url: str


class ValueOut(Schema):
    """One value. Figures are texts, since those of fewer than 3 applicants are told in words."""

    label: str
    limit: str
    took_part: str
    chosen: str


class FeatureOut(Schema):
    feature: str
    label: str
    values: list[ValueOut]


class ChangeOut(Schema):
    """An outcome that was changed by hand, and why."""

    from_outcome: str
    to_outcome: str
    why: str
    at: datetime


class TakenBackOut(Schema):
    committed_at: datetime | None
    at: datetime | None
    why: str


class WholeReportOut(Schema):
    """A report. `stage` is committed, drawn or announced; features and changes are empty before the announcement."""

    call: str
    title: str
    stage: str
    url: str
    seats: int
    counts: dict[str, int] = Field(description="applied, excluded, below (the points needed), taking_part")
    least_chance: float = Field(description="The least likely applicant's, from 0 to 1")
    mean_chance: float
    limits: list[str]
    committed_at: datetime | None
    drawn_at: datetime | None
    number_from: str = Field(description="Where the draw's number comes from; empty when two people enter one each")
    number: str = Field(description="The draw's number, once it is announced")
    number_url: str
    files: list[FileOut]
    features: list[FeatureOut]
    manual_changes: list[ChangeOut]
    taken_back: list[TakenBackOut]


@router.get("/call-reports", response={200: ReportPage, 422: Problem}, summary="Selections whose commitment is public")
def list_reports(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    standing = {"draws__is_test": False, "draws__state__in": [DrawState.COMMITTED, DrawState.DRAWN]}
    return page(request, Call.objects.public().filter(**standing).distinct(), paging)


@router.get("/call-reports/{slug}", response={200: WholeReportOut, 404: Problem}, summary="How one selection was made")
def one_report(request: HttpRequest, slug: Text) -> dict[str, Any]:
    call = Call.objects.public().filter(slug=slug).first()
    report = queries.report_of(call) if call is not None else None
    if call is None or report is None or report.draw is None:
        raise Http404("There is no public report of such a call.")
    results = report.draw.results
    return {
        "call": call.slug,
        "title": call.title,
        "stage": report.stage,
        "url": f"{call.get_absolute_url()}report/",
        "seats": report.draw.seats,
        "counts": report.counts,
        "least_chance": results["least"],
        "mean_chance": results["seats"] / results["people"],
        "limits": report.limits,
        "committed_at": report.draw.committed_at,
        "drawn_at": report.draw.drawn_at,
        "number_from": call.seed_source,
        "number": report.seed,
        "number_url": report.seed_url,
        "files": report.files,
        "features": [
            {
                "feature": feature.key,
                "label": feature.label,
                "values": [
                    {"label": value.word, "limit": value.limit, "took_part": value.pool, "chosen": value.chosen}
                    for value in feature.values
                ],
            }
            for feature in report.features
        ],
        "manual_changes": report.after.changes if report.after else [],
        "taken_back": report.taken_back,
    }
