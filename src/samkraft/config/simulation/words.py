"""Made-up words for made-up actors and posts, in Swedish. Plainly simulated: every name begins with "Prov"."""

import numpy as np

TRADES = ("bageri", "snickeri", "handel", "lantbruk", "åkeri", "energi", "bygg", "skola", "förening", "verkstad")
FIRST_NAMES = ("Eken", "Linden", "Björken", "Granen", "Alen", "Rönnen", "Hasseln", "Tallen", "Asken", "Eneb")
SUBJECTS = (
    "Solceller på taket", "Cykelbyte på torget", "Mindre matsvinn i köket", "Ny laddstolpe vid stationen",
    "Värmepump i stället för olja", "Återbruk av kontorsmöbler", "Samåkning till jobbet", "Vegetarisk lunch varje dag",
    "Fossilfri lastbil i drift", "Reparationskväll för alla", "Energirådgivning i biblioteket", "Plantering av träd",
    "Biogas från matavfall", "Delad verktygsbod", "Ny busslinje till industriområdet", "Tilläggsisolering av vinden",
)  # fmt: skip
SENTENCES = (
    "Vi har räknat på vad det ger, och minskningen är större än vi trodde.",
    "Det började med en fråga från en granne och slutade med att hela kvarteret var med.",
    "Kostnaden tjänar vi in på fyra år.",
    "Kom förbi och titta, så berättar vi hur vi gjorde.",
    "Nästa steg är att få med leverantörerna.",
    "Det svåraste var att komma i gång, resten gick av sig självt.",
    "Tack till alla som hjälpte till under våren.",
    "Kommunens energirådgivare var till stor hjälp.",
    "Vi delar gärna med oss av ritningar och kalkyler.",
    "Elförbrukningen har minskat med en tredjedel sedan i fjol.",
    "Barnen i årskurs fyra har mätt och fört dagbok.",
    "Hör av dig om du vill låna utrustningen.",
    "Transporterna står för det mesta av våra utsläpp, så där började vi.",
    "Under hösten följer vi upp hur det har gått.",
)


def texts(count: int, random: np.random.Generator) -> list[str]:
    """Texts of one to four short paragraphs, as sanitised HTML."""
    made = []
    for paragraphs in random.integers(1, 5, count):
        parts = [" ".join(random.choice(SENTENCES, 3, replace=False)) for _ in range(int(paragraphs))]
        made.append("".join(f"<p>{part}</p>" for part in parts))
    return made
