import pytest


@pytest.fixture(autouse=True)
def _words_of_the_source(in_english: None) -> None:
    """These tests read what the pages and mails say."""
