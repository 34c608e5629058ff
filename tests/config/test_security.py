"""What an installation must not take over from a demo."""

import pytest

from samkraft.config import checks, demo
from samkraft.people.models import User
from tests import factories
from tests.config.test_checks import found, installation

pytestmark = pytest.mark.django_db


def test_check_in_production_names_demo_accounts_with_the_known_password() -> None:
    factories.steward(demo.STEWARD, password=demo.PASSWORD)
    factories.user(demo.OFFICER, password="another password than the demo's")
    factories.user(demo.POLITICIAN, password=demo.PASSWORD, is_active=False)

    assert found() == [f"Anybody can sign in to {demo.STEWARD} with the demo's password. Make these accounts inactive."]
    assert found(PRODUCTION=False) == []


def test_check_in_production_is_content_with_demo_accounts_made_inactive() -> None:
    factories.steward(demo.STEWARD, password=demo.PASSWORD)
    User.objects.update(is_active=False)

    assert checks._accounts(installation()) == []
