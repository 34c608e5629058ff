"""What an operation says when it cannot do what was asked."""

from django.utils.functional import Promise


class Refused(Exception):
    """An operation was not carried out. The text is one whole sentence for the person who asked."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)
