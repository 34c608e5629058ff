"""Runs the field's standard open tool on one pool, in an environment of its own: peer_tool.py PEOPLE FEATURES SEATS.

Prints its seconds and the least likely person's chance as JSON. It is a yardstick only, and no part of Samkraft.
"""

import csv
import json
import random
import sys
import time
from collections import Counter

from sortition_algorithms import Settings
from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people


def rows(path: str) -> tuple[list[str], list[dict[str, str]]]:
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


def main(people_path: str, features_path: str, seats: int) -> None:
    random.seed(1)
    features, *_ = read_in_features(*rows(features_path))
    settings = Settings(id_column="id", columns_to_keep=[])
    people, _ = read_in_people(*rows(people_path), features, settings)
    began, processor = time.perf_counter(), time.process_time()
    panels, weights, _ = find_distribution_maximin(features, people, seats, [])
    taken = {"seconds": time.perf_counter() - began, "processor": time.process_time() - processor}
    chances: Counter[str] = Counter()
    for panel, weight in zip(panels, weights, strict=True):
        for person in panel:
            chances[person] += weight
    print(json.dumps({**taken, "min_probability": min(chances[person] for person in people)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
