"""What a further signer decides itself, whoever asks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from appraisal.ballots import board
from appraisal.ballots.statements import verify_statement
from appraisal.config import Settings
from appraisal.encoding import b64decode
from appraisal.manifest import MAX_BOXES, BoxNumber, Manifest, SessionId, Signer, decode_manifest
from appraisal.peers.messages import KEYS_AT_ONCE
from appraisal.signer import sessions
from appraisal.signer.signer import open_signer
from appraisal.store.registry import Slip
from tests.second_signer import NAME, SecondSigner, second_signer, settings_in
from tests.world import make_world

SESSION = "k3m9x7q2wp"
BOXES = 4


@dataclass
class Service:
    """An invited service, as far as the signer sees one; `manifest` has the signer's keys."""

    second: SecondSigner
    secret: str
    manifest: Manifest

    def post(self, path: str, body: Any = None, *, secret: str | None = None) -> httpx.Response:
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return httpx.post(
            f"{self.second.url}/signer/{path}",
            content=data,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {secret or self.secret}",
            },
        )

    def fix(self, manifest: Manifest | None = None) -> httpx.Response:
        return self.post(f"{SESSION}/manifest", (manifest or self.manifest).encoded)

    def print(self, voter_class: int, number: int = 0, *, seed: int = 1) -> httpx.Response:
        slips = number or self.manifest.classes[voter_class].slips
        hashes = [bytes([voter_class, seed, n, *range(29)]).hex() for n in range(slips)]
        return self.post(f"{SESSION}/printed", {"class": voter_class, "slips": hashes})

    def ready(self) -> None:
        assert self.fix().status_code == 200
        for voter_class in range(len(self.manifest.classes)):
            assert self.print(voter_class).status_code == 200


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settings, str, Manifest]:
    """A signer that was asked for its keys, which are the dear part: each test begins from a copy.

    Its folder, its settings, the service's secret, and a manifest with those keys.
    """
    folder = tmp_path_factory.mktemp("second")
    settings = settings_in(folder)
    with second_signer(settings) as second:
        secret = second.link().partition("#")[2]
        world = make_world().manifest
        asking = Service(second, secret, world)
        answer = asking.post(f"{SESSION}/keys", {"boxes": BOXES}).json()
    signer = Signer(answer["name"], b64decode(answer["key"]), settings.base_url)
    keys = [b64decode(key) for key in answer["token_keys"]]
    manifest = replace(
        world,
        signers=(*world.signers, signer),
        boxes=tuple(
            replace(box, token_keys=(*box.token_keys, key))
            for box, key in zip(world.boxes, keys, strict=True)
        ),
    )
    return folder, settings, secret, manifest


@pytest.fixture
def service(asked: tuple[Path, Settings, str, Manifest], tmp_path: Path) -> Iterator[Service]:
    folder, settings, secret, manifest = asked
    shutil.copytree(folder, tmp_path / "second")
    own = replace(settings_in(tmp_path / "second"), port=settings.port, base_url=settings.base_url)
    with second_signer(own) as second:
        yield Service(second, secret, manifest)


def test_it_introduces_itself_to_those_it_has_invited(service: Service) -> None:
    url, headers = f"{service.second.url}/peer", {"Authorization": f"Bearer {service.secret}"}
    told = httpx.get(url, headers=headers).json()
    assert (told["name"], told["signs"]) == (NAME, True)
    assert told["witness"]["name"] == service.second.signer.settings.authority
    assert httpx.get(url).status_code == 401


def test_the_same_keys_come_again_until_a_manifest_is_fixed(service: Service) -> None:
    first = service.post(f"{SESSION}/keys", {"boxes": BOXES}).json()
    assert service.post(f"{SESSION}/keys", {"boxes": BOXES}).json() == first
    assert (
        service.post(f"{SESSION}/keys", {"boxes": 2}).json()["token_keys"]
        == (first["token_keys"][:2])
    )
    service.fix()
    again = service.post(f"{SESSION}/keys", {"boxes": BOXES})
    assert code_of(again) == (409, "manifest-standing")


def test_no_request_makes_more_than_so_many_keys(service: Service) -> None:
    """65,535 boxes would keep the signer, and every voter who draws, waiting for hours."""
    folder = service.second.signer.settings.keys / "sessions"
    for boxes in (BOXES + KEYS_AT_ONCE + 1, MAX_BOXES):
        answer = service.post(f"{SESSION}/keys", {"boxes": boxes})
        assert code_of(answer) == (422, "too-many-keys")
        other = service.post(f"{SESSION[::-1]}/keys", {"boxes": boxes})
        assert code_of(other) == (422, "too-many-keys")
    assert len(list(folder.rglob("tokens/*.key"))) == BOXES
    assert service.second.signer.sessions.get(SessionId(SESSION[::-1])) is None


def test_who_asks_for_a_few_keys_at_a_time_gets_them_all(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "KEYS_AT_ONCE", 2)
    first = service.post(f"{SESSION}/keys", {"boxes": BOXES}).json()["token_keys"]
    assert code_of(service.post(f"{SESSION}/keys", {"boxes": BOXES + 3}))[1] == "too-many-keys"
    for boxes in (BOXES + 2, BOXES + 3):
        keys = service.post(f"{SESSION}/keys", {"boxes": boxes}).json()["token_keys"]
        assert len(set(keys)) == boxes
        assert keys[:BOXES] == first


def test_one_manifest_a_session(service: Service) -> None:
    assert service.fix().status_code == 200
    assert service.fix().status_code == 200
    other = replace(service.manifest, title="另一次评议")
    assert code_of(service.fix(other)) == (409, "manifest-standing")


def _boxes(manifest: Manifest, change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Any:
    boxes = manifest.boxes
    return (replace(boxes[0], token_keys=change(boxes[0].token_keys)), *boxes[1:])


def _named(manifest: Manifest, **fields: Any) -> Any:
    return (manifest.signers[0], replace(manifest.signers[1], **fields))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: {"session": "0000000000"},
        lambda m: {"signers": _named(m, name="别人")},
        lambda m: {"signers": _named(m, key=(3).to_bytes(32, "little"))},
        lambda m: {"signers": _named(m, url="https://elsewhere.example")},
        lambda m: {"boxes": _boxes(m, lambda keys: keys[::-1])},
        lambda m: {"boxes": _boxes(m, lambda keys: (keys[0], keys[1][:-1] + b"\x01"))},
        lambda m: {
            "signers": m.signers[:1],
            "boxes": tuple(replace(box, token_keys=box.token_keys[:1]) for box in m.boxes),
        },
    ],
    ids=["session", "name", "statement key", "address", "its place", "a token key", "left out"],
)
def test_a_manifest_without_exactly_its_keys_is_refused(
    service: Service, change: Callable[[Manifest], dict[str, Any]]
) -> None:
    wrong = replace(service.manifest, **change(service.manifest))
    assert code_of(service.fix(wrong)) == (422, "manifest-wrong")
    assert service.fix().status_code == 200


def test_what_is_no_manifest_is_refused(service: Service) -> None:
    answer = service.post(f"{SESSION}/manifest", b'{"format":"appraisal-manifest/1"}')
    assert code_of(answer) == (422, "manifest-wrong")


def test_its_statement_is_over_the_slips_it_has(service: Service) -> None:
    service.fix()
    statement = b64decode(service.print(0).json()["statement"])
    with service.second.signer.registry.database.read() as tx:
        slips = tuple(sorted(tx.execute(select(Slip.hash)).scalars()))
    verify_statement(board.Printed(1, 0, slips, statement), service.manifest)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [-1, 1])
def test_it_takes_as_many_slips_as_the_manifest_says(service: Service, change: int) -> None:
    service.fix()
    number = service.manifest.classes[0].slips + change
    assert code_of(service.print(0, number)) == (422, "printing-wrong")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"class": 2, "slips": ["00" * 32]}, 422),
        ({"class": 0, "slips": ["00" * 32] * 24}, 422),
        ({"class": 0, "slips": [f"{n:064x}" for n in range(24, 0, -1)]}, 422),
        ({"class": 0, "slips": ["zz" * 32] * 24}, 422),
        ({"class": 0, "slips": []}, 400),
        ({"class": 0}, 400),
        ({"class": 0, "slips": ["00" * 32], "more": 1}, 400),
        ({"class": "0", "slips": ["00" * 32]}, 400),
        (b"[", 400),
        ({"class": 0, "slips": ["00" * 32] * 200}, 413),
    ],
)
def test_a_printing_in_another_form_is_refused(service: Service, body: Any, status: int) -> None:
    service.fix()
    assert service.post(f"{SESSION}/printed", body).status_code == status


def test_until_voting_begins_a_printing_takes_the_place_of_the_one_before(
    service: Service,
) -> None:
    """A service that was cut off has the codes of its last printing only."""
    service.ready()
    assert service.print(0, seed=2).status_code == 200
    with service.second.signer.registry.database.read() as tx:
        hashes = tx.execute(select(Slip.hash).where(Slip.voter_class == 0)).scalars().all()
    assert len(hashes) == service.manifest.classes[0].slips
    assert {slip[1] for slip in hashes} == {2}


def test_no_slip_is_added_once_voting_has_begun(service: Service) -> None:
    service.ready()
    assert service.post(f"{SESSION}/begin").status_code == 200
    assert code_of(service.print(0)) == (409, "printing-over")
    assert code_of(service.print(0, seed=2)) == (409, "printing-over")
    service.post(f"{SESSION}/close")
    assert code_of(service.print(0, seed=2)) == (409, "printing-over")


def test_a_slip_of_one_class_is_in_no_other(service: Service) -> None:
    service.fix()
    slips = [bytes([n, *range(31)]).hex() for n in range(24)]
    assert service.post(f"{SESSION}/printed", {"class": 0, "slips": slips}).status_code == 200
    again = service.post(f"{SESSION}/printed", {"class": 1, "slips": slips[:16]})
    assert code_of(again) == (422, "printing-wrong")


def test_it_begins_once_every_class_is_printed_and_never_after_close(service: Service) -> None:
    assert code_of(service.post(f"{SESSION}/begin")) == (409, "manifest-missing")
    service.fix()
    assert code_of(service.post(f"{SESSION}/begin")) == (409, "not-printed")
    service.print(0)
    assert code_of(service.post(f"{SESSION}/begin")) == (409, "not-printed")
    service.print(1)
    assert code_of(service.post(f"{SESSION}/close")) == (409, "not-open")
    assert service.post(f"{SESSION}/begin").status_code == 200
    assert service.post(f"{SESSION}/begin").status_code == 200
    assert service.post(f"{SESSION}/close").status_code == 200
    assert code_of(service.post(f"{SESSION}/begin")) == (409, "closed")


def test_its_token_keys_are_gone_before_it_states_its_turnout(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appraisal.signer import sessions

    service.ready()
    service.post(f"{SESSION}/begin")
    keys = service.second.signer.keys
    folder = service.second.signer.settings.keys / "sessions" / SESSION
    there: list[bool] = []
    from appraisal.ballots.statements import sign_statement as sign

    def watched(*args: Any, **named: Any) -> Any:
        there.append((folder / "tokens").exists() or bool(keys._tokens))
        return sign(*args, **named)

    assert (folder / "tokens").exists()
    monkeypatch.setattr(sessions, "sign_statement", watched)
    first = service.post(f"{SESSION}/close").json()
    assert there == [False, False]
    assert service.post(f"{SESSION}/close").json() == first
    for number, entry in enumerate(first["turnouts"]):
        turnout = board.decode(b64decode(entry), service.manifest)
        assert isinstance(turnout, board.Turnout)
        assert (turnout.signer, turnout.voter_class, turnout.drawn) == (1, number, ())
        verify_statement(turnout, service.manifest)


def test_another_service_cannot_touch_the_session(service: Service) -> None:
    stranger = service.second.link("别的支部").partition("#")[2]
    for path, body in (
        ("keys", {"boxes": 1}),
        ("manifest", service.manifest.encoded),
        ("printed", {"class": 0, "slips": ["00" * 32]}),
        ("begin", {}),
        ("close", {}),
    ):
        refused = service.post(f"{SESSION}/{path}", body, secret=stranger)
        assert code_of(refused) == (404, "unknown-session"), path
        refused = service.post(f"{SESSION}/{path}", body, secret="0" * 26)
        assert code_of(refused) == (401, "secret-unknown"), path


@pytest.mark.parametrize("name", ["..", "K3M9X7Q2WP", "k3m9x7q2w", "k3m9x7q2wpp", "k3m9x7q2wu"])
def test_a_session_has_a_name_and_no_path(service: Service, name: str) -> None:
    url = f"{service.second.url}/signer/{name.replace('.', '%2e')}/keys"
    headers = {"Authorization": f"Bearer {service.secret}"}
    assert httpx.post(url, json={"boxes": 1}, headers=headers).status_code == 404


@pytest.mark.parametrize("boxes", [0, -1, 65536, True, "1", None])
def test_it_makes_a_sensible_number_of_keys(service: Service, boxes: Any) -> None:
    assert service.post(f"{SESSION}/keys", {"boxes": boxes}).status_code == 400


def test_only_draws_are_answered_to_other_origins(service: Service) -> None:
    service.ready()
    url = service.second.url
    origin = {"Origin": "https://vote.example", "Access-Control-Request-Method": "POST"}
    asked = httpx.options(f"{url}/v/{SESSION}/draw", headers=origin)
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked.headers
    refused = httpx.post(f"{url}/v/{SESSION}/draw", json={}, headers=origin)
    assert code_of(refused) == (409, "not-open")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in refused.headers
    for path in (f"/signer/{SESSION}/close", "/add-log", "/add-checkpoint", "/peer", "/healthz"):
        for answer in (
            httpx.options(url + path, headers=origin),
            httpx.post(url + path, json={}, headers=origin),
        ):
            assert "Access-Control-Allow-Origin" not in answer.headers, path


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("text/plain", b"{}", (415, "not-json")),
        ("application/json", b"", (400, "malformed")),
        ("application/json", b"x" * (2**20 + 1), (413, "too-large")),
    ],
)
def test_a_draw_in_another_form_is_refused(
    service: Service, kind: str, data: bytes, expected: tuple[int, str]
) -> None:
    answer = httpx.post(
        f"{service.second.url}/v/{SESSION}/draw", content=data, headers={"Content-Type": kind}
    )
    assert code_of(answer) == expected


def test_what_it_was_told_is_there_after_a_restart(service: Service) -> None:
    service.ready()
    with service.second.away():
        service.second.signer.close()
        service.second.signer = open_signer(service.second.signer.settings)
    assert code_of(service.fix(replace(service.manifest, title="另"))) == (409, "manifest-standing")
    assert service.post(f"{SESSION}/begin").status_code == 200
    keys = service.second.signer.keys.token_keys(
        decode_manifest(service.manifest.encoded).session, [BoxNumber(0)]
    )
    assert keys[0].public.to_bytes() == service.manifest.boxes[0].token_keys[1]
