"""Lifecycles declared as data: states, the moves between them, and who may make each move.

A machine is checked when it is built, so that a wrong one stops the program at import:

    VISITOR_MESSAGE = Machine(
        name="visitor_message",
        initial="received",
        final={"done"},
        moves=[Move("received", "done", who="people.is_steward")],
    )
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

ANYONE = "anyone"
WORKER = "worker"


class MachineError(ValueError):
    """A lifecycle that cannot work was declared."""


@dataclass(frozen=True)
class Move:
    """One allowed step. `who` names a rule of person and subject, or is ANYONE, or WORKER: by the clock.

    With `by_clock` the worker may make it as well as those of the rule.
    """

    source: str
    to: str
    who: str
    by_clock: bool = False


@dataclass(frozen=True)
class Machine:
    """A lifecycle of the objects of one model, whose state is kept in the model's field `field`."""

    name: str
    states: Sequence[str]
    initial: str
    final: Collection[str]
    moves: Sequence[Move]
    field: str = "state"

    def __post_init__(self) -> None:
        self._check_names()
        self._check_ways()

    def move(self, source: str, to: str) -> Move | None:
        """The declared step from one state to another, or None when there is none."""
        return next((move for move in self.moves if move.source == source and move.to == to), None)

    def ways_out(self, source: str) -> list[str]:
        return [move.to for move in self.moves if move.source == source]

    def _check_names(self) -> None:
        if len(set(self.states)) != len(self.states):
            raise MachineError(f"{self.name}: a state is named twice.")
        pairs = [(move.source, move.to) for move in self.moves]
        if len(set(pairs)) != len(pairs):
            raise MachineError(f"{self.name}: a move is declared twice.")
        named = {self.initial, *self.final, *(state for pair in pairs for state in pair)}
        unknown = sorted(named - set(self.states))
        if unknown:
            raise MachineError(f"{self.name}: {', '.join(unknown)} is not one of its states.")
        nobody = [f"{move.source} to {move.to}" for move in self.moves if not move.who]
        if nobody:
            raise MachineError(f"{self.name}: nobody may move from {nobody[0]}.")

    def _check_ways(self) -> None:
        reached = {self.initial}
        for _ in self.states:
            reached |= {move.to for move in self.moves if move.source in reached}
        for state in self.states:
            if state not in reached:
                raise MachineError(f"{self.name}: {state} cannot be reached from {self.initial}.")
            if state in self.final and self.ways_out(state):
                raise MachineError(f"{self.name}: {state} is final, yet there is a way out of it.")
            if state not in self.final and not self.ways_out(state):
                raise MachineError(f"{self.name}: there is no way out of {state}, which is not final.")
