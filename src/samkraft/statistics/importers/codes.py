"""Statistics Sweden's codes and names of counties and municipalities."""

from dataclasses import dataclass
from pathlib import PurePath

from samkraft.places.models import Area, AreaKind

from .. import rules
from ..formats import AreaCodeTable, read_scb_codes
from ..models import Release, ReleaseKind
from ..operations import add_codes, codes_digest, published_name
from .releases import Asked, already_here


@dataclass(frozen=True)
class CodesReport:
    """What an import of codes did, or would do: area keys with names that are new, changed or gone."""

    version: str
    already: str = ""
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def sentences(self, *, dry_run: bool) -> list[str]:
        if self.already:
            return already_here(self.already)
        would = "would be" if dry_run else "were"
        lines = [f"Codes of {self.version}: {len(self.new)} new, {len(self.changed)} changed, {len(self.gone)} gone."]
        lines += [f"  new: {text} {would} added" for text in self.new]
        lines += [f"  changed: {text} {would} renamed" for text in self.changed]
        return lines + [f"  gone: {text} is kept, since older figures speak of it" for text in self.gone]


def import_codes(asked: Asked) -> CodesReport:
    """Add areas that are new and rename others; letter case and spaces make no other name."""
    table = read_scb_codes(asked.path, asked.name)
    _check_counties(table)
    listed = {row.code: row.name for row in table.rows}
    known = {area.code: area for area in Area.objects.in_country("SE").exclude(kind=AreaKind.COUNTRY)}
    digest = codes_digest(listed.items())
    facts = asked.facts(
        slug="se-scb-codes",
        version=PurePath(asked.file).stem,
        licence="CC0-1.0",
        kind=ReleaseKind.CODES,
        country="SE",
        gas_set="",
        title="Län och kommuner",
        publisher="Statistiska centralbyrån (SCB)",
    )
    same = Release.objects.filter(kind=ReleaseKind.CODES, country="SE", digest=digest).first()
    if same is not None:
        return CodesReport(facts.version, already=same.slug)
    new = [(code, name) for code, name in listed.items() if code not in known]
    renamed = [(code, name) for code, name in listed.items() if code in known and _is_new(name, known[code])]
    if not asked.dry_run:
        add_codes(facts=facts, digest=digest, new=new, renamed=renamed)
    return CodesReport(
        facts.version,
        new=tuple(f"SE-{code} {name}" for code, name in new),
        changed=tuple(f"SE-{code} {known[code].name} to {name}" for code, name in renamed),
        gone=tuple(f"SE-{code} {known[code].name}" for code in sorted(set(known) - set(listed))),
    )


def _check_counties(table: AreaCodeTable) -> None:
    listed = {row.code for row in table.rows}
    for row in table.rows:
        if row.level == "municipality" and row.code[:2] not in listed:
            raise table.error(f"expected the county {row.code[:2]} of {row.code} {row.name} in the list", row)


def _is_new(name: str, area: Area) -> bool:
    return rules.plain_name(name) != rules.plain_name(published_name(area.kind, area.name, area.full_name))
