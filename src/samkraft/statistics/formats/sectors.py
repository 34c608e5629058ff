"""The publishers' spellings of sectors, and our codes for them."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping

# SMHI's Excel export misspells one sector ("uppärmning"); the JSON made from it does not.
SMHI = {
    "Transporter": "transport",
    "Arbetsmaskiner": "machinery",
    "Industri (energi + processer)": "industry",
    "Jordbruk": "agriculture",
    "El och fjärrvärme": "energy_supply",
    "Egen uppvärmning av bostäder och lokaler": "heating",
    "Egen uppärmning av bostäder och lokaler": "heating",
    "Avfall (inkl.avlopp)": "waste",
    "Produktanvändning (inkl. lösningsmedel)": "products",
    "Utrikes transporter": "international_transport",
}

ENERGISTYRELSEN = {
    "energi": "energy_supply",
    "transport": "transport",
    "landbrug": "agriculture",
    "affald": "waste",
    "industri": "industry",
}

MILJODIREKTORATET = {
    "Veitrafikk": "road_transport",
    "Sjøfart": "shipping",
    "Luftfart": "aviation",
    "Annen mobil forbrenning": "machinery",
    "Oppvarming": "heating",
    "Energiforsyning": "energy_supply",
    "Jordbruk": "agriculture",
    "Avfall og avløp": "waste",
    "Industri, olje og gass": "industry",
    "produkter med fluorgasser": "products",
}

SECTOR_CODES = frozenset({*SMHI.values(), *ENERGISTYRELSEN.values(), *MILJODIREKTORATET.values()})


def tidy(text: str) -> str:
    """Text with single spaces and composed letters, so that equal names compare equal."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def nearest(name: str, known: Mapping[str, object]) -> str:
    """The known spelling most like `name`."""
    by_fold = {spelling.casefold(): spelling for spelling in known}
    close = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.0)
    return by_fold[close[0]]
