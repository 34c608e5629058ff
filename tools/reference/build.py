"""Build the compact reference tables in src/samkraft/places/reference from the publishers' files.

    python tools/reference/build.py --data ../shared/data --recorded ../shared/recorded

Run at development time only, with tools/reference/requirements.txt in a virtual environment of its own: the
platform itself needs none of these packages. The tables are committed; the fetched files are not.
"""

import argparse
from pathlib import Path

import areas
import emissions
import lists
import newspapers
import outlines
import releases

OUT = Path(__file__).parents[2] / "src/samkraft/places/reference"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the publishers' files, by country")
    parser.add_argument("--recorded", type=Path, required=True, help="recorded answers of registers")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args()
    listed = areas.all_areas(chosen.data, chosen.recorded)
    print("areas", areas.build(listed, chosen.data, chosen.recorded, chosen.out))
    counts = {}
    for module in (emissions, outlines, lists, newspapers):
        counts |= module.build(listed, chosen.data, chosen.out)
    for name, rows in counts.items():
        print(name, rows)
    print("releases.csv", releases.build(chosen.out))


if __name__ == "__main__":
    main()
