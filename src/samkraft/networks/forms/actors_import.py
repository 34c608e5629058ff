"""Actors from a spreadsheet: what would be made of its rows, what is there already, and every fault in it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from samkraft.places.models import COUNTRY_NAMES, Area
from samkraft.places.rules import fold
from samkraft.statistics.formats.sheets import column_letters

from ..models import Actor, ActorKind
from ..operations.actors_import import NewActor
from ..queries import actors as queries
from .actors import FactsForm

MOST_ROWS = 2000
COLUMNS = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("Kind"),
    "country": gettext_lazy("Country"),
    "organisation_number": gettext_lazy("Organisation number"),
    "homepage_url": gettext_lazy("Home page"),
    "facebook_url": gettext_lazy("Facebook page"),
    "municipalities": gettext_lazy("Municipalities"),
    "does": gettext_lazy("What it does for the transition"),
    "leader_name": gettext_lazy("Leader"),
    "description_url": gettext_lazy("The leader's own description"),
    "described_on": gettext_lazy("Published"),
    "contact_email": gettext_lazy("The contact's e-mail address"),
}
NEEDED = ("name", "kind", "country", "municipalities")
_BETWEEN = re.compile(r"[,;\n]+")
_email = forms.EmailField(required=False, max_length=254)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Your spreadsheet"),
        help_text=gettext_lazy("An Excel or CSV file of at most 2,000 rows, with the headings of our template."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )


class Fault(NamedTuple):
    """What is wrong in one cell. `column` is as a spreadsheet names it: D, and the heading."""

    row: int
    column: str
    heading: str
    sentence: str


class Skipped(NamedTuple):
    """A row whose actor is there already: in the register, or in an earlier row of the same file."""

    row: int
    name: str
    actor: Actor | None
    same_as_row: int | None


@dataclass
class Plan:
    """What an import would do."""

    new: list[NewActor] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def can_be_carried_out(self) -> bool:
        return bool(self.new) and not self.faults

    @property
    def invitations(self) -> int:
        return sum(bool(actor.contact_email) for actor in self.new)


def planned(rows: Sequence[Sequence[str]]) -> Plan:
    """What an import of these rows, headings first, would do. A handful of queries, however many rows."""
    plan = Plan()
    places, missing = _columns(rows[0] if rows else [])
    if missing:
        names = ", ".join(str(COLUMNS[name]) for name in missing)
        plan.faults.append(Fault(1, "", "", _("These columns are missing: %(names)s.") % {"names": names}))
        return plan
    reader = _Reader(places)
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))]
    read = [new for number, row in filled if (new := reader.read(number, row))]
    plan.faults = reader.faults
    _sort_out(read, plan)
    if not (plan.new or plan.skipped or plan.faults):
        plan.faults.append(Fault(2, "", "", _("The file has no actors below its headings.")))
    return plan


def _columns(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each column stands, by headings in any of the site's languages; and those that are needed and not there."""
    known = {}
    for name, words in COLUMNS.items():
        known[fold(name.replace("_", " "))] = name
        known |= dict.fromkeys(_in_all_languages(words), name)
    places: dict[str, int] = {}
    for number, heading in enumerate(headings):
        name = known.get(fold(heading.strip(" *:").replace("_", " ")))
        if name:
            places.setdefault(name, number)
    return places, [name for name in NEEDED if name not in places]


def _in_all_languages(words: Any) -> Iterator[str]:
    yield fold(str(words))
    for code in (None, *(code for code, _name in settings.LANGUAGES)):
        with override(code):
            yield fold(str(words))


class _Reader:
    """Reads rows one by one, and gathers what is wrong in them."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.places = places
        self.faults: list[Fault] = []
        self.kinds = {fold(kind.value): kind.value for kind in ActorKind}
        for kind in ActorKind:
            self.kinds |= dict.fromkeys(_in_all_languages(kind.label), kind.value)
        self.countries = {fold(code): code for code in COUNTRY_NAMES}
        for code, name in COUNTRY_NAMES.items():
            self.countries |= dict.fromkeys(_in_all_languages(name), code)
        self.areas: defaultdict[tuple[str, str], set[Area]] = defaultdict(set)
        for area in Area.objects.municipalities().defer("outline"):
            for known in (area.name, area.full_name, area.code, area.key):
                self.areas[area.country, fold(known)].add(area)

    def read(self, number: int, row: Sequence[str]) -> NewActor | None:
        """The actor of a row, or None when something in it is wrong."""
        before = len(self.faults)
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in self.places.items()}
        country = self.countries.get(fold(cells["country"]), "")
        if not country:
            self._fault(number, "country", _("Write SE, NO or DK."))
        kind = self.kinds.get(fold(cells["kind"]), "")
        if not kind:
            kinds = ", ".join(str(kind.label) for kind in ActorKind)
            self._fault(number, "kind", _("Write one of these: %(kinds)s.") % {"kinds": kinds})
        form = FactsForm({**cells, "kind": kind or ActorKind.OTHER.value}, country=country or "SE")
        for name, errors in form.errors.items():
            if country or name != "organisation_number":
                self._fault(number, name, " ".join(map(str, errors)))
        areas = self._municipalities(number, country, cells["municipalities"])
        email = self._contact(number, cells.get("contact_email", ""))
        if len(self.faults) > before:
            return None
        return NewActor(number, form.facts(), tuple(areas), email)

    def _municipalities(self, number: int, country: str, text: str) -> list[Area]:
        names = [name.strip() for name in _BETWEEN.split(text) if name.strip()]
        if not names:
            self._fault(number, "municipalities", _("Write at least one municipality."))
        found: dict[int, Area] = {}
        for name in names if country else ():
            areas = self.areas.get((country, fold(name)), set())
            if not areas:
                sentence = _("There is no municipality called “%(name)s” in that country.")
                self._fault(number, "municipalities", sentence % {"name": name[:80]})
            elif len(areas) > 1:
                codes = ", ".join(sorted(area.code for area in areas))
                sentence = _("Several municipalities are called “%(name)s”. Write the number of yours: %(codes)s.")
                self._fault(number, "municipalities", sentence % {"name": name[:80], "codes": codes})
            found |= {area.pk: area for area in areas}
        return list(found.values())

    def _contact(self, number: int, text: str) -> str:
        try:
            return str(_email.clean(text)).lower()
        except ValidationError as error:
            self._fault(number, "contact_email", " ".join(error.messages))
            return ""

    def _fault(self, number: int, name: str, sentence: str) -> None:
        place = self.places.get(name)
        column = column_letters(place) if place is not None else ""
        self.faults.append(Fault(number, column, str(COLUMNS.get(name, "")), sentence))


def _sort_out(read: Sequence[NewActor], plan: Plan) -> None:
    """Leave out actors that are known: by their number, or by their name in one of their municipalities."""
    known = queries.known_actors(
        [fold(new.facts.name)[:160] for new in read], [new.facts.organisation_number for new in read]
    )
    earlier: dict[tuple[str, Any], int] = {}
    for new in read:
        number = (new.facts.country, new.facts.organisation_number)
        names = [(fold(new.facts.name)[:160], area.pk) for area in new.municipalities]
        actor = known.numbers.get(number) or next((known.names[name] for name in names if name in known.names), None)
        marks: list[tuple[str, Any]] = [*names, *([number] if new.facts.organisation_number else [])]
        same = next((earlier[mark] for mark in marks if mark in earlier), None)
        if actor is not None or same is not None:
            plan.skipped.append(Skipped(new.row, new.facts.name, actor, same))
        else:
            plan.new.append(new)
            earlier |= dict.fromkeys(marks, new.row)
