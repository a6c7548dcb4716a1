import pytest

from appraisal.steps.service import Service
from appraisal.web.office.entry import protection
from tests.web.office.secretary import Secretary


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly every test signs in; what a password costs is a test of its own."""
    if "real_passwords" not in request.fixturenames:
        cheap = {**protection.PASSWORD_COST, "argon2__time_cost": 1, "argon2__memory_cost": 64}
        monkeypatch.setattr(protection, "PASSWORD_COST", cheap)


@pytest.fixture
def real_passwords() -> None:
    """Passwords cost what they cost in use."""


@pytest.fixture
def secretary(service: Service) -> Secretary:
    """Signed in, with no appraisal yet."""
    return Secretary.signed_in(service)
