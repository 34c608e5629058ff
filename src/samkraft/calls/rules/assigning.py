"""Sharing out applications among reviewers. Plain ids, no database.

Each application gets so many different reviewers, none of whom has a conflict of interest, and the reviewers get as
equal shares as that allows. What is shared out already stays.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Sequence
from hashlib import sha256

Pair = tuple[int, int]


def share_out(
    applications: Sequence[int],
    reviewers: Sequence[int],
    wanted: int,
    *,
    conflicts: Collection[Pair] = (),
    kept: Collection[Pair] = (),
    key: str = "",
) -> list[Pair]:
    """The new pairs of application and reviewer, in the order of the applications.

    `kept` are pairs that stand; `conflicts` are pairs that never may. An application for which too few reviewers
    are left gets those that there are. The same input gives the same pairs; `key`, such as the call's address,
    decides between reviewers who have as much, so that the same two do not read everything together.

    First each application takes those who have least. Then shares are moved along the shortest way from who has two
    more to who has two less, until there is no such way: the loads are then as even as can be (cost-reducing paths,
    Harvey, Ladner, Lovász and Tamir 2006, "Semi-matchings for bipartite graphs and load balancing").
    """
    shares = _Shares(reviewers, set(conflicts), set(kept))
    for application in applications:
        shares.give(application, wanted, key)
    while shares.even_out():
        pass
    return [(application, reviewer) for application in applications for reviewer in shares.new_of(application)]


class _Shares:
    """Who has what while it is being shared out."""

    def __init__(self, reviewers: Sequence[int], conflicts: set[Pair], kept: set[Pair]) -> None:
        self.reviewers = list(dict.fromkeys(reviewers))
        self.conflicts = conflicts
        self.readers: dict[int, set[int]] = defaultdict(set)
        self.new: dict[int, list[int]] = {reviewer: [] for reviewer in self.reviewers}
        for application, reviewer in kept:
            self.readers[application].add(reviewer)
        counted = Counter(reviewer for _application, reviewer in kept)
        self.load = {reviewer: counted[reviewer] for reviewer in self.reviewers}

    def may(self, application: int, reviewer: int) -> bool:
        return reviewer not in self.readers[application] and (application, reviewer) not in self.conflicts

    def give(self, application: int, wanted: int, key: str) -> None:
        free = [reviewer for reviewer in self.reviewers if self.may(application, reviewer)]
        free.sort(key=lambda reviewer: (self.load[reviewer], _lot(key, application, reviewer)))
        for reviewer in free[: max(0, wanted - len(self.readers[application]))]:
            self._add(application, reviewer)

    def even_out(self) -> bool:
        """Move shares along one way that makes the loads more even; False when there is none."""
        for start in sorted(self.reviewers, key=lambda reviewer: -self.load[reviewer]):
            way = self._way_from(start)
            if way:
                for application, giver, taker in way:
                    self.new[giver].remove(application)
                    self.readers[application].remove(giver)
                    self.load[giver] -= 1
                    self._add(application, taker)
                return True
        return False

    def new_of(self, application: int) -> list[int]:
        return [reviewer for reviewer in self.reviewers if application in self.new[reviewer]]

    def _add(self, application: int, reviewer: int) -> None:
        self.new[reviewer].append(application)
        self.readers[application].add(reviewer)
        self.load[reviewer] += 1

    def _way_from(self, start: int) -> list[tuple[int, int, int]]:
        """Shortest moves (application, who gives, who takes) from a reviewer to one with at least two less."""
        came: dict[int, tuple[int, int]] = {}
        queue, seen = deque([start]), {start}
        while queue:
            giver = queue.popleft()
            for taker in self.reviewers:
                if taker in seen:
                    continue
                moved = next((application for application in self.new[giver] if self.may(application, taker)), None)
                if moved is None:
                    continue
                seen.add(taker)
                came[taker] = (moved, giver)
                if self.load[taker] <= self.load[start] - 2:
                    return self._back(came, taker, start)
                queue.append(taker)
        return []

    @staticmethod
    def _back(came: dict[int, tuple[int, int]], end: int, start: int) -> list[tuple[int, int, int]]:
        way = []
        while end != start:
            application, giver = came[end]
            way.append((application, giver, end))
            end = giver
        return way


def _lot(key: str, application: int, reviewer: int) -> str:
    return sha256(f"{key} {application} {reviewer}".encode()).hexdigest()
