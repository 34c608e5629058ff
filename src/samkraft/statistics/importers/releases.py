"""What all imports share: what is asked for, how a release is known again, and the report of what changes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils.text import slugify

from .. import rules
from ..formats import FormatError
from ..models import Release
from ..operations import ReleaseFacts

SHOWN_EXAMPLES = 5
_LONGEST_SLUG = 70


@dataclass(frozen=True)
class Stated:
    """What the person who imports says of the file, where the file itself does not say it."""

    version: str = ""
    licence: str = ""
    source_url: str = ""
    partial: bool = False


@dataclass(frozen=True)
class Asked:
    """An import that somebody asks for; `name` is the file's name in messages, where it is not the path's."""

    path: Path
    name: str | None
    stated: Stated
    dry_run: bool
    today: date

    @property
    def file(self) -> str:
        return self.name or self.path.name

    def facts(
        self, *, slug: str, version: str, licence: str = "", source_url: str = "", **known: str | date | None
    ) -> ReleaseFacts:
        """The release's facts: what was stated goes before what the importer supposes. The slug is a free one."""
        version = self.stated.version or version
        facts = ReleaseFacts(
            slug=_free_slug(slugify(f"{slug}-{version.replace('–', '-')}")[:_LONGEST_SLUG]),
            version=version,
            retrieved_on=self.today,
            licence=self.stated.licence or licence,
            source_url=self.stated.source_url or source_url,
            **known,
        )
        try:
            Release(digest="-", **vars(facts)).clean_fields()
        except ValidationError as wrong:
            name, problems = next(iter(wrong.message_dict.items()))
            text = f"the release's {name.replace('_', ' ')} cannot be stored: {problems[0].rstrip('.')}"
            raise FormatError(text, file=self.file) from wrong
        return facts


def _free_slug(wanted: str) -> str:
    slug, number = wanted, 1
    while Release.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


class Report(Protocol):
    """What an import did, or would do."""

    already: str

    def sentences(self, *, dry_run: bool) -> list[str]:
        """The report for a person, a sentence a line."""


def already_here(slug: str) -> list[str]:
    """The report on a file whose figures are in the database."""
    return [f"This release is already here as {slug}. Nothing was changed."]


@dataclass(frozen=True)
class FiguresReport:
    """What an import of figures did, or would do. `already` names the release when they are in the database."""

    facts: ReleaseFacts
    figures: int
    already: str = ""
    compared_with: str = ""
    difference: rules.Difference = field(default_factory=lambda: rules.Difference([], [], []))

    def sentences(self, *, dry_run: bool) -> list[str]:
        if self.already:
            return already_here(self.already)
        would = "would be" if dry_run else "was"
        lines = [f"The release {self.facts.slug} {would} added, with {self.figures} figures."]
        if self.compared_with:
            new, changed, gone = (len(cells) for cells in self.difference)
            lines.append(f"Beside {self.compared_with}: {new} new, {changed} changed, {gone} gone.")
            for word, cells in zip(("new", "changed", "gone"), self.difference, strict=True):
                lines += [f"  {word}: {_cell_text(cell)}" for cell in cells[:SHOWN_EXAMPLES]]
                if len(cells) > SHOWN_EXAMPLES:
                    lines.append(f"  {word}: and {len(cells) - SHOWN_EXAMPLES} more")
        return lines


def _cell_text(cell: rules.Cell) -> str:
    parts = (cell.area, str(cell.year), cell.sector or "all sectors", cell.subsector)
    return ", ".join(part for part in parts if part)


def store(
    asked: Asked,
    facts: ReleaseFacts,
    figures: rules.Figures,
    *,
    stored: Callable[[Release], rules.Figures],
    add: Callable[[], object],
) -> FiguresReport:
    """Compare with what is there and, unless it is there already or only asked about, add; all or nothing.

    `stored` gives the figures of an older release, of the areas that the file speaks of.
    """
    report = FiguresReport(facts, len(figures))
    series = Release.objects.of_series(facts.kind, facts.country, facts.gas_set)
    if same := series.filter(digest=rules.digest_of(figures)).first():
        return replace(report, already=same.slug)
    first, last = rules.years_of(figures)
    # A publisher's file may be a part of a release, such as its municipalities without the counties.
    for release in series.filter(first_year=first, last_year=last):
        if not any(rules.difference(stored(release), figures)):
            return replace(report, already=release.slug)
    if before := series.first():
        difference = rules.difference(stored(before), figures)
        report = replace(report, compared_with=before.slug, difference=difference)
    if not asked.dry_run:
        _add_whole(asked, add)
    return report


def _add_whole(asked: Asked, add: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            add()
    except DataError as wrong:
        raise FormatError("a figure is too large, or a name too long, to be stored", file=asked.file) from wrong
    except ValueError as wrong:
        raise FormatError(str(wrong).rstrip("."), file=asked.file) from wrong
