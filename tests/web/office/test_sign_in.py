from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from appraisal.steps.service import Service
from appraisal.web.office import create_office
from appraisal.web.office.entry import accounts, protection
from appraisal.web.office.entry.accounts import AccountError
from tests.web.office.secretary import ORGANISATION, PASSWORD, Secretary, words

EMAIL = "li@branch.example.org"
PREVIEWS = [
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "WhatsApp/2.24 A",
    "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 10.0) MicroMessenger/8.0 HeadlessChrome/120.0",
]
OPEN_TO_ALL = {"/login", "/logout", "/language", "/sign-in/<secret>", "/fs-static/<path:filename>"}


def path_of(url: str, service: Service) -> str:
    return url.removeprefix(service.settings.base_url)


def sign_in(visitor: Secretary, email: str, password: str) -> int:
    return visitor.send("/office/login", {"email": email, "password": password}).status_code


def stays_here(location: str | None) -> bool:
    """Whether a browser that is led there, if anywhere, stays on this host."""
    return location is None or re.match(r"/(?![/\\\\])", location) is not None


def addresses(office: Flask) -> list[tuple[str, str]]:
    """(method, path) of everything that asks for a sign-in."""
    values = {
        "name": "abcdefghjk",
        "what": "void",
        "kind": "public",
        "number": 1,
        "identifier": "three-key-questions",
    }
    found = []
    for rule in office.url_map.iter_rules():
        if rule.rule in OPEN_TO_ALL:
            continue
        _, path = rule.build({k: v for k, v in values.items() if k in rule.arguments}) or ("", "")
        methods = (rule.methods or set()) & {"GET", "POST"}
        found += [(method, path) for method in methods]
    return found


def test_every_page_asks_who_is_there(service: Service) -> None:
    visitor = Secretary(service)
    token = visitor.token()
    asked = addresses(create_office(service))
    assert len(asked) > 30
    for method, path in asked:
        answer = visitor.client.open(
            f"/office{path}",
            method=method,
            base_url=service.settings.base_url,
            data={"csrf_token": token} if method == "POST" else None,
        )
        assert answer.status_code == 302, (method, path)
        assert answer.location.startswith("/office/login?next="), (method, path)


def test_a_link_sets_a_password_once_and_the_password_signs_in(service: Service) -> None:
    url = accounts.invite(service, EMAIL, ORGANISATION)
    invited = Secretary(service)
    assert invited.use_link(url).location.endswith("/office/")
    assert invited.get("/office/").status_code == 200
    second = Secretary(service)
    assert second.get(path_of(url, service)).status_code == 410
    assert second.use_link(url).status_code == 410
    assert sign_in(second, EMAIL.upper(), PASSWORD) == 302
    assert second.get("/office/").status_code == 200


@pytest.mark.parametrize("agent", PREVIEWS)
def test_a_preview_does_not_use_a_link_up(service: Service, agent: str) -> None:
    url = accounts.demonstration_link(service, organisation=ORGANISATION)
    preview = Secretary(service)
    for method in ("GET", "HEAD", "GET"):
        answer = preview.client.open(
            path_of(url, service),
            method=method,
            base_url=service.settings.base_url,
            headers={"User-Agent": agent},
        )
        assert answer.status_code == 200
    person = Secretary(service)
    assert person.send(path_of(url, service)).status_code == 302
    assert person.get("/office/").status_code == 200


def test_a_password_that_is_refused_leaves_the_link_good(service: Service) -> None:
    url = accounts.invite(service, EMAIL, ORGANISATION)
    person = Secretary(service)
    short = person.use_link(url, "short")
    assert short.status_code == 422
    assert "至少要 10 个字符" in words(short)
    other = person.send(
        path_of(url, service), {"password": PASSWORD, "again": "another long sentence"}
    )
    assert other.status_code == 422
    assert "两次输入的密码不一样" in words(other)
    assert person.use_link(url).status_code == 302


def test_a_link_ends_after_a_day(service: Service) -> None:
    url = accounts.invite(service, EMAIL, ORGANISATION)
    just = replace(service, now=lambda: service.now() + timedelta(hours=23, minutes=59))
    late = replace(service, now=lambda: service.now() + timedelta(hours=24, minutes=1))
    assert Secretary(just).get(path_of(url, service)).status_code == 200
    assert Secretary(late).use_link(url).status_code == 410


def test_a_demonstration_link_cannot_set_a_password(service: Service) -> None:
    url = accounts.demonstration_link(service, organisation=ORGANISATION)
    person = Secretary(service)
    person.use_link(url)
    assert sign_in(Secretary(service), accounts.DEMONSTRATION_EMAIL, PASSWORD) == 200


def test_unknown_and_wrong_are_told_alike(service: Service) -> None:
    Secretary.signed_in(service, EMAIL)
    visitor = Secretary(service)
    pages = [
        re.sub(r'value="[^"]*"', "", visitor.send("/office/login", data).text)
        for data in (
            {"email": EMAIL, "password": "not the right one"},
            {"email": "nobody@branch.example.org", "password": "not the right one"},
        )
    ]
    assert pages[0] == pages[1]
    assert "邮箱或密码不对" in pages[0]


def test_guessing_a_password_is_slowed_down(service: Service) -> None:
    Secretary.signed_in(service, EMAIL)
    visitor = Secretary(service)
    answers = [sign_in(visitor, EMAIL, f"guess number {n}") for n in range(11)]
    assert answers == [200] * 10 + [429]
    assert sign_in(visitor, EMAIL, PASSWORD) == 429
    # Somebody else at the same address still gets in.
    Secretary.signed_in(service, "wang@branch.example.org")
    assert sign_in(visitor, "wang@branch.example.org", PASSWORD) == 302


def test_signing_in_is_never_too_often(service: Service) -> None:
    Secretary.signed_in(service, EMAIL)
    visitor = Secretary(service)
    assert {sign_in(visitor, EMAIL, PASSWORD) for _ in range(12)} == {302}


@pytest.mark.parametrize(("proxies", "expected"), [(0, 429), (1, 302)])
def test_who_guesses_locks_out_nobody_elsewhere(
    service: Service, proxies: int, expected: int
) -> None:
    """Behind a proxy that says who asks; otherwise all have the proxy's own address."""
    Secretary.signed_in(service, EMAIL)
    settings = replace(service.settings, office_proxies=proxies)
    visitor = Secretary(replace(service, settings=settings))
    token = visitor.token()

    def tried(address: str, password: str) -> int:
        answer = visitor.client.post(
            "/office/login",
            base_url=service.settings.base_url,
            data={"csrf_token": token, "email": EMAIL, "password": password},
            headers={"X-Forwarded-For": address},
        )
        return answer.status_code

    assert [tried("192.0.2.1", "a guess") for _ in range(11)] == [200] * 10 + [429]
    assert tried("192.0.2.2", PASSWORD) == expected


def test_a_known_address_gets_a_link_without_its_organisation(service: Service) -> None:
    with pytest.raises(AccountError, match="name the organisation"):
        accounts.invite(service, EMAIL)
    Secretary.signed_in(service, EMAIL)
    again = Secretary(service).use_link(accounts.invite(service, EMAIL), "a new long sentence")
    assert again.status_code == 302


def test_an_account_that_is_switched_off_is_out_at_once(service: Service) -> None:
    person = Secretary.signed_in(service, EMAIL)
    (_, users), *_ = [e for e in accounts.everyone(service) if e[1]]
    accounts.switch(service, users[0].id, active=False)
    assert person.get("/office/").status_code == 302
    assert sign_in(Secretary(service), EMAIL, PASSWORD) == 200
    accounts.switch(service, users[0].id, active=True)
    assert sign_in(Secretary(service), EMAIL, PASSWORD) == 302


def test_a_new_password_ends_every_other_sign_in(service: Service) -> None:
    here, there = Secretary.signed_in(service, EMAIL), Secretary(service)
    assert sign_in(there, EMAIL, PASSWORD) == 302
    new = "another sentence that is long"
    wrong = here.send("/office/account", {"present": "not this one", "password": new, "again": new})
    assert wrong.status_code == 422
    assert (
        here.send(
            "/office/account", {"present": PASSWORD, "password": new, "again": new}
        ).status_code
        == 302
    )
    assert here.get("/office/").status_code == 200
    assert there.get("/office/").status_code == 302
    assert sign_in(there, EMAIL, PASSWORD) == 200
    assert sign_in(there, EMAIL, new) == 302


def test_signing_out_needs_a_form_and_ends_it(secretary: Secretary) -> None:
    assert secretary.get("/office/logout").status_code == 405
    assert secretary.post("/office/logout").status_code == 400
    assert secretary.get("/office/").status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', secretary.get("/office/").text)
    assert token
    assert secretary.post("/office/logout", {"csrf_token": token[1]}).status_code == 302
    assert secretary.get("/office/").status_code == 302


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(service: Service, next_: str) -> None:
    Secretary.signed_in(service, EMAIL)
    visitor = Secretary(service)
    data = {"email": EMAIL, "password": PASSWORD, "next": next_}
    answer = visitor.send("/office/login", data)
    assert stays_here(answer.location)
    language = visitor.send("/office/language", {"language": "en", "back": next_})
    assert stays_here(language.location)


def test_signing_in_leads_back_to_the_page_that_asked(service: Service) -> None:
    Secretary.signed_in(service, EMAIL)
    visitor = Secretary(service)
    asked = visitor.get("/office/sessions/new")
    data = {"email": EMAIL, "password": PASSWORD}
    assert visitor.send(asked.location, data).location.endswith("/office/sessions/new")


def test_every_answer_carries_the_headers(secretary: Secretary) -> None:
    for path in ("/office/", "/office/login", "/office/nothing", "/office/account"):
        headers = secretary.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("base", "secure"), [("http://127.0.0.1", False), ("https://a.cn", True)])
def test_the_cookie_stays_here(service: Service, base: str, secure: bool) -> None:
    moved = replace(service, settings=replace(service.settings, base_url=base))
    answer = Secretary(moved).get("/office/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/office" in cookie
    assert ("Secure" in cookie) == secure
    assert ("Strict-Transport-Security" in answer.headers) == secure


def test_passwords_are_kept_as_argon2(service: Service, real_passwords: None) -> None:
    Secretary.signed_in(service, EMAIL)
    (user,) = [u for _, users in accounts.everyone(service) for u in users]
    assert user.password
    assert user.password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("email", ["", "no address", "a@b", "a@localhost"])
def test_an_invitation_needs_an_address(service: Service, email: str) -> None:
    with pytest.raises(AccountError):
        accounts.invite(service, email, ORGANISATION)


def test_an_account_stays_with_its_organisation(service: Service) -> None:
    accounts.invite(service, EMAIL, ORGANISATION)
    with pytest.raises(AccountError) as caught:
        accounts.invite(service, EMAIL, "另一个党支部")
    assert caught.value.code == "elsewhere"


def test_who_is_not_signed_in_may_send_a_password_and_not_much_more(service: Service) -> None:
    """The check of a form's token reads the whole form, and so would anybody's."""
    account = accounts.invite(service, EMAIL, ORGANISATION)
    Secretary(service).use_link(account)
    visitor = Secretary(service)
    large = {"email": EMAIL, "password": "x" * protection.STRANGERS_REQUEST}
    many = {f"field-{number}": "" for number in range(protection.STRANGERS_FIELDS + 1)}
    for path in ("/office/login", "/office/sessions/new"):
        for data in (large, many):
            for answer in (visitor.send(path, data), visitor.post(path, data)):
                assert answer.status_code == 413
                assert "页面已经过期" in words(answer), "a sign-in may have ended meanwhile"
    assert sign_in(visitor, EMAIL, PASSWORD) == 302


def test_nobody_reads_what_calls_itself_json(service: Service) -> None:
    """Neither to look for a token in it, nor for the page that refuses it."""
    for body, status in ((b"{}" * protection.STRANGERS_REQUEST, 413), (b"[" * 60_000, 400)):
        answer = Secretary(service).client.post(
            "/office/login",
            base_url=service.settings.base_url,
            data=body,
            content_type="application/json",
        )
        assert answer.status_code == status
        assert "页面已经过期" in words(answer)
