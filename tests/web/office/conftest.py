import pytest

from appraisal.steps.service import Service
from tests.web.office.secretary import Secretary


@pytest.fixture
def secretary(service: Service) -> Secretary:
    """Signed in, with no appraisal yet."""
    return Secretary.signed_in(service)
