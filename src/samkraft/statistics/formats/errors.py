"""What is wrong with a file, in one sentence that says where."""

from __future__ import annotations


class FormatError(Exception):
    """A file does not have the form its publisher gives it.

    `str(error)` is one sentence with file, sheet, row and column, as far as they apply, which are attributes
    too. `row` counts from 1: a row of a sheet, a line of a text file, or an entry of a JSON list.
    """

    def __init__(self, problem: str, *, file: str, sheet: str = "", row: int | None = None, column: str = "") -> None:
        self.problem = problem
        self.file = file
        self.sheet = sheet
        self.row = row
        self.column = column
        super().__init__(problem)

    def __str__(self) -> str:
        place = [self.file]
        if self.sheet:
            place.append(f"sheet “{self.sheet}”")
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.problem}."


def shown(value: object) -> str:
    """A found value as it stands in a sentence, short enough to read."""
    if value is None or value == "":
        return "nothing"
    text = " ".join(str(value).split())
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"
