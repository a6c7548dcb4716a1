"""The documents are held to the program: commands, settings, refusals, links."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from appraisal import errors, instruments
from appraisal.ballots import cast, key_check, receipts, sealing, slips, statements, tokens
from appraisal.cli import main
from appraisal.errors import Refusal, TellerRefusal
from appraisal.web.app import OF_A_SESSION

ROOT = Path(__file__).parents[1]
PROTOCOL = (ROOT / "docs/protocol.md").read_text()
PAGES = sorted(
    path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "keys/README.md"]
)
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


def commands(page: Path) -> list[str]:
    """The command lines of a page's shell blocks, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return [line.split("  #")[0].strip() for line in lines if line.strip()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_commands_of_the_readmes_exist(page: Path) -> None:
    """`make` targets and `appraisal` commands with their options; nothing is run here."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    seen = 0
    for line in commands(page):
        words = line.removeprefix(".venv/bin/").split()
        if words[0] == "make":
            assert words[1] in targets
            seen += 1
        if words[0] == "appraisal":
            command = main.commands[words[1]]
            known = {name for option in command.params for name in option.opts}
            assert {word for word in words if word.startswith("--")} <= known
            seen += 1
    assert seen >= 6


def test_both_readmes_have_the_same_commands_and_pictures() -> None:
    def stripped(page: Path) -> list[str]:
        return [line.replace(" --lang zh", "") for line in commands(page)]

    english, chinese = READMES
    assert stripped(english) == stripped(chinese)
    pictures = [re.findall(r"\((docs/pictures/[^)]+)\)", page.read_text()) for page in READMES]
    assert pictures[0] == pictures[1]


def test_every_refusal_is_in_the_protocol() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", PROTOCOL, re.MULTILINE)
    statuses = {code: int(status) for status, code in rows}
    known = {kind.code: kind.status for kind in Refusal.__subclasses__() if kind != TellerRefusal}
    assert statuses == known


def test_every_refusal_of_a_teller_is_in_the_protocol() -> None:
    sentence = re.search(r"^Refusals are those of §4\.11 and: (.*)$", PROTOCOL, re.MULTILINE)
    assert sentence
    statuses = {
        code: int(status) for status, code in re.findall(r"(\d{3}) `([a-z-]+)`", sentence[1])
    }
    assert statuses == {kind.code: kind.status for kind in TellerRefusal.__subclasses__()}


def test_every_label_is_in_the_protocol() -> None:
    """Those of the server, and those of the browser, which alone makes key cards."""
    server = {
        slips.LABEL.decode(),
        slips.CREDENTIAL_LABEL.decode(),
        tokens.LABEL,
        sealing.SHARE_LABEL,
        sealing.CONTENT_LABEL,
        cast.LABEL,
        receipts.LABEL.decode(),
        statements.LABEL.decode(),
        key_check.LABEL,
    }
    source = (ROOT / "frontend/src/protocol/labels.ts").read_text()
    browser = set(re.findall(r'= "(appraisal/1 [a-z ]+)"', source))
    documented = set(re.findall(r"^\| `(appraisal/1 [a-z ]+)` \|", PROTOCOL, re.MULTILINE))
    assert documented == server | browser
    assert len(server) == 9
    assert browser - server == {"appraisal/1 key card"}


def test_every_setting_is_documented() -> None:
    source = "".join(path.read_text() for path in (ROOT / "appraisal").rglob("*.py"))
    page = (ROOT / "docs/settings.md").read_text()
    names = set(re.findall(r"APPRAISAL_[A-Z]+(?:_[A-Z]+)*", source)) - {"APPRAISAL_"}
    assert names
    for name in names:
        assert f"`{name}`" in page


def test_no_proxy_keeps_an_access_log_of_a_session() -> None:
    """Every address that names a session, in the page's words and in its example for nginx."""
    page = (ROOT / "docs/settings.md").read_text()
    sentence = re.search(r"^Switch off the access log for (.*?), pass", page, re.MULTILINE)
    assert sentence
    for address in OF_A_SESSION:
        assert f"`{address}`" in sentence[1]
        assert f"\nlocation {address} {{ access_log off;" in page
    for language in ("zh", "en"):
        guide = (ROOT / f"appraisal/guides/operator.{language}.md").read_text()
        assert all(address.rstrip("/") in guide for address in OF_A_SESSION)


def test_every_secret_is_in_the_key_table() -> None:
    """Whoever asks the key folder for a secret by name."""
    table = (ROOT / "keys/README.md").read_text()
    seen = 0
    for path in (ROOT / "appraisal").rglob("*.py"):
        source = path.read_text()
        for constant in re.findall(r"\bkeys\.secret\((\w+)\)", source):
            name = re.search(rf'^{constant}(?:: Final)? = "([a-z-]+)"', source, re.MULTILINE)
            assert name, (path, constant)
            assert f"`{name[1]}.key`" in table, name[1]
            seen += 1
    assert seen >= 6


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_readmes_rehearse_forms_that_come_along(page: Path) -> None:
    shipped = {instrument.id for instrument in instruments.available()}
    named = re.findall(r"--form (\S+)", page.read_text())
    assert named
    assert set(named) <= shipped
    assert ("Fifteen" in page.read_text() or "十五种" in page.read_text()) is (len(shipped) == 15)


def test_every_module_says_what_it_is() -> None:
    for path in (ROOT / "appraisal").rglob("*.py"):
        if path.read_text().strip():
            assert path.read_text().startswith('"""'), path


def test_errors_have_sentences() -> None:
    for name in dir(errors):
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, errors.AppraisalError):
            assert kind.__doc__


def test_nothing_names_the_machine_it_was_made_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix in {".md", ".py", ".toml", ".lock", ".json", ".ts", ".html", ".sh"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w.])/(?:work|root)/\w", text), name
