"""newspaper_areas.csv: where each Swedish daily paper has its newsrooms, a first guess at where it is read."""

from collections import defaultdict
from pathlib import Path

from areas import Area
from tables import Row, read_csv, slugify, write_table

NEWSROOMS = "se/mediestudier_redaktioner_2012-2020.csv"
DAILY_PAPER = "Dagspress"
STILL_OPEN = "9"

# The list of newsrooms spells two municipalities in its own way.
OWN_NAMES = {"Orusts kommun": "Orust kommun", "Region Gotland": "Gotlands kommun"}


def build(areas: list[Area], data: Path, out: Path) -> dict[str, int]:
    """One row a paper: the municipality of its main newsroom first, then those of its local ones."""
    keys = {area.full_name: area.key for area in areas if area.country == "SE" and area.kind == "municipality"}
    papers: dict[str, list[Row]] = defaultdict(list)
    for row in read_csv(data / NEWSROOMS):
        if row["category"] == DAILY_PAPER and row["edate"] == STILL_OPEN:
            papers[" ".join(row["displayName"].split())].append(row)
    table = [(slugify(paper), "SE", paper, " ".join(_places(rows, keys))) for paper, rows in papers.items()]
    found = {key for row in table for key in row[3].split()}
    print("newsrooms of daily papers", sum(map(len, papers.values())), "in municipalities", len(found))
    columns = ("slug", "country", "newspaper", "keys")
    return {"newspaper_areas.csv": write_table(out / "newspaper_areas.csv", columns, table)}


def _places(rows: list[Row], keys: dict[str, str]) -> list[str]:
    """Keys of the municipalities, each once. A name that is no municipality's stops the building."""
    ordered = sorted(rows, key=lambda row: (row["type"] != "huvudredaktion", row["municipality_name"]))
    names = [OWN_NAMES.get(row["municipality_name"], row["municipality_name"]) for row in ordered]
    return list(dict.fromkeys(keys[name] for name in names))
