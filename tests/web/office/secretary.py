"""A secretary at the office's pages: a browser without script, over the whole WSGI application."""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Mapping

from werkzeug.datastructures import FileStorage
from werkzeug.test import Client, TestResponse, encode_multipart

from appraisal.manifest import SessionId
from appraisal.steps.service import Service
from appraisal.web.app import create_app
from appraisal.web.office.entry import accounts

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ORGANISATION = "和平里社区党支部"
PASSWORD = "a sentence that is long"


class Secretary:
    """One browser; `sign_in` uses a one-time link as a person would."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.client = Client(create_app(service))

    @classmethod
    def signed_in(
        cls,
        service: Service,
        email: str = "li@branch.example.org",
        *,
        organisation: str = ORGANISATION,
        operator: bool = False,
    ) -> Secretary:
        secretary = cls(service)
        url = accounts.invite(service, email, organisation, operator=operator)
        secretary.use_link(url)
        return secretary

    def use_link(self, url: str, password: str = PASSWORD) -> TestResponse:
        path = url.removeprefix(self.service.settings.base_url)
        return self.send(path, {"password": password, "again": password})

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, base_url=self.service.settings.base_url, **options)

    def post(self, path: str, data: Mapping[str, object] | None = None) -> TestResponse:
        """A request as it is given, without a token of its own."""
        return self.client.post(
            path, base_url=self.service.settings.base_url, data=dict(data or {})
        )

    def token(self, path: str = "/office/login") -> str:
        page = self.get(path, follow_redirects=True)
        found = TOKEN.search(page.text)
        assert found, page.text[:500]
        return found[1]

    def send(
        self, path: str, data: Mapping[str, object] | None = None, *, follow: bool = False
    ) -> TestResponse:
        """A form with its token."""
        # Encoded here: the client would put a large form into a file and never close it.
        boundary, sent = encode_multipart({"csrf_token": self.token(), **(data or {})})
        return self.client.post(
            path,
            base_url=self.service.settings.base_url,
            data=sent,
            content_type=f'multipart/form-data; boundary="{boundary}"',
            headers={"Referer": self.service.settings.base_url + path},
            follow_redirects=follow,
        )

    def wait(self, session: SessionId) -> None:
        """Until the long step of a session has ended."""
        for _ in range(600):
            if not self.get(f"/office/sessions/{session}/progress.json").json["running"]:  # type: ignore[index]
                return
            time.sleep(0.05)
        raise TimeoutError("a step does not end")

    def text(self, path: str) -> str:
        return words(self.get(path, follow_redirects=True))


def words(page: TestResponse) -> str:
    """What a page says, without its marks."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def upload(data: bytes, name: str = "list.csv") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


def session_form(**changes: object) -> dict[str, object]:
    """What a secretary sends who fills in the session form."""
    return {
        "do": "save",
        "title": "2010年“七一”前党员民主评议",
        "organisation": ORGANISATION,
        "sector": "街道社区",
        "period": "1",
        "award": "群众心目中的好党员",
        "quota": "3",
        "forms-0-instrument": "three-key-questions",
        "forms-0-kind": "",
        "by_strokes": "y",
        "subjects-0-kind": "person",
        "subjects-0-name": "周敏",
        "subjects-0-post": "社区居民委员会主任",
        "classes-0-name_zh": "党员",
        "classes-0-name_en": "Members",
        "classes-0-slips": "6",
        "classes-0-weight": "60",
        "classes-1-name_zh": "群众",
        "classes-1-name_en": "Public",
        "classes-1-slips": "5",
        "classes-1-weight": "40",
        "floor": "5",
        "below_floor": "withhold",
        "empty_class": "renormalise",
        "attendance": "",
        "turnout": "1/2",
        "positive": "2/3",
        "negative": "1/3",
        "publication": "public",
        "denominator": "answers",
        "empty_ballot": "valid",
        "trim": "0",
        "ties": "open",
        "self_appraisal": "no",
        "percentages": "largest-remainder",
        "decimals": "2",
        "custody": "custodian",
        "signer": "",
        "retention_months": "12",
        **changes,
    }
