"""The `appraisal` command: set up, serve, invite, demonstrate, rehearse, verify."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from appraisal import verify_command
from appraisal.config import Settings
from appraisal.errors import AppraisalError

if TYPE_CHECKING:
    from subprocess import Popen

    from appraisal.steps.service import Service

# The modules that start databases, web pages and type setting are imported by the commands that
# use them: verifying a record needs none of them, and a start should not wait for all of them.

FEWEST_VOTERS: Final = 20
_DOING: Final = {
    "freeze": ("定稿，生成密钥", "freezing, making keys"),
    "print": ("生成选票凭证", "making slips"),
    "slips_pdf": ("排版选票凭证", "setting the slips"),
    "vote": ("领票、填票、投票", "drawing, filling in, casting"),
    "close": ("封箱", "closing"),
    "factors": ("监票人交解密因子", "tellers hand in factors"),
    "open": ("开箱计票", "opening and counting"),
    "report": ("排版报告", "setting the report"),
}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("appraisal"), message="%(version)s")
def main() -> None:
    """Anonymous voting and democratic appraisal 匿名投票与民主评议.

    Settings come from the environment (APPRAISAL_…); see docs/settings.md.
    """
    # Whatever is written from here on is its owner's alone: databases, keys, slips.
    os.umask(0o077)
    # A service manager's stop ends `with` blocks as Ctrl+C does, and with them a child process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@main.command()
@click.argument("email")
@click.option("--organisation", required=True, help="The organisation this person works for.")
@click.option("--name", default="", help="How the office greets this person.")
def init(email: str, organisation: str, name: str) -> None:
    """Set up an installation and invite its first operator.

    Makes the folders, the databases and the office's secrets, and prints a link for EMAIL, good
    once within 24 hours, to set a password.
    """
    from appraisal.web.office.entry.accounts import invite  # noqa: PLC0415

    with _service() as service:
        click.echo(f"  data      {service.settings.data}")
        click.echo(f"  keys      {service.settings.keys}")
        link = invite(service, email, organisation, name=name, operator=True)
        click.echo(f"  operator  {link}")
        click.echo("Start the service with: appraisal serve")


@main.command("invite")
@click.argument("email")
@click.option("--organisation", help="The organisation this person works for, if new here.")
@click.option("--name", default="", help="How the office greets this person.")
@click.option("--operator", is_flag=True, help="May also make organisations and accounts.")
def invite_command(email: str, organisation: str | None, name: str, *, operator: bool) -> None:
    """Print a link for EMAIL, good once within 24 hours, to set a password."""
    from appraisal.web.office.entry.accounts import invite  # noqa: PLC0415

    with _service() as service:
        click.echo(invite(service, email, organisation, name=name, operator=operator))


@main.command()
@click.option("--quiet", is_flag=True, help="Say nothing at the start.")
def serve(*, quiet: bool) -> None:
    """Serve the booth, the board and the office until stopped."""
    from appraisal.web.serve import serve as run  # noqa: PLC0415

    with _sentences():
        settings = Settings.from_environment(os.environ)
        _require_port(settings)
        if not quiet:
            _introduce(settings, ("办公室 office", f"{settings.base_url}/office/"))
        run(settings)


@main.command()
def demo() -> None:
    """Prepare the demonstration, once, and serve it."""
    from appraisal import demonstration  # noqa: PLC0415
    from appraisal.rehearsal import drafts  # noqa: PLC0415
    from appraisal.web.office.entry.accounts import demonstration_link  # noqa: PLC0415

    with _service() as service, _serving(service.settings) as server:
        url = f"http://{service.settings.host}:{service.settings.port}"
        found = demonstration.prepare(service, url, progress=_told(_bar))
        rows = [
            ("首页 home", service.settings.base_url),
            (
                "办公室 office",
                demonstration_link(service, organisation=drafts.ORGANISATION)
                + "  （只能用一次 once）",
            ),
            ("选票凭证 slips", str(_near(found.slips))),
            ("投票 vote", found.voter_link),
            ("报告 report", str(_near(found.report))),
            ("公示板 board", f"{service.settings.base_url}/b/{found.finished}"),
        ]
        click.echo("\n演示，所有数据都是虚构的。 A demonstration: all of it is invented.\n")
        for name, value in rows:
            click.echo(f"  {_padded(name, 18)}{value}")
        click.echo("\n按 Ctrl+C 停止。 Ctrl+C stops it.", nl=True)
        sys.stdout.flush()
        try:
            sys.exit(server.wait())
        except KeyboardInterrupt:
            click.echo()


@main.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--board", metavar="URL", help="Compare with this board as it is now.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the report.")
def verify(record: Path, board: str | None, lang: Literal["zh", "en"] | None) -> None:
    """Recount RECORD, a folder or a .zip, with the verifier alone.

    Exit status 0: everything holds. 1: findings, each named. 2: not readable as a record.
    `make verifier` builds the same as one file for machines without this package.
    """
    language = lang or verify_command.language_of(os.environ)
    sys.exit(verify_command.run(record, language, board=board))


@main.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder to write.")
@click.option("--voters", type=click.IntRange(FEWEST_VOTERS), required=True, help="Who cast.")
@click.option("--seed", type=int, required=True, help="Draws the people and their answers.")
@click.option(
    "--contests",
    type=click.IntRange(1, 500),
    default=7,
    show_default=True,
    help="Who are appraised; more where a form chooses among more.",
)
@click.option(
    "--form",
    "forms",
    metavar="ID",
    multiple=True,
    help="A ballot form that comes along, also several times; three-key-questions, if not said.",
)
@click.option("--tellers", type=click.IntRange(0, 9), default=0, help="Who keep the opening keys.")
@click.option(
    "--quorum", type=click.IntRange(1, 9), help="How many tellers open; all, if not said."
)
@click.option("--signer", is_flag=True, help="With a second signer, in a process of its own.")
@click.option("--url", help="A service that runs with these settings; without, one is started.")
def rehearse(
    out: Path,
    voters: int,
    seed: int,
    contests: int,
    forms: tuple[str, ...],
    tellers: int,
    quorum: int | None,
    url: str | None,
    *,
    signer: bool,
) -> None:
    """Run a whole session with simulated voters, and tellers if wanted, over HTTP.

    Leaves slips.pdf, record/, report.pdf, results.csv and summary.json in the folder, and fails
    unless the tally is exactly what was cast.
    """
    from appraisal import instruments  # noqa: PLC0415
    from appraisal.rehearsal import drafts  # noqa: PLC0415
    from appraisal.rehearsal.server import free_settings, signing  # noqa: PLC0415
    from appraisal.rehearsal.session import Crowd, Rehearsal  # noqa: PLC0415
    from appraisal.steps import signers  # noqa: PLC0415

    if quorum is not None and quorum > tellers:
        raise click.UsageError(f"a quorum of {quorum} is more than {tellers} tellers")
    with _sentences():
        chosen = tuple(instruments.load(form) for form in forms)
    members = round(voters * 0.6)
    crowd = Crowd(
        (members, voters - members), gave_up=voters // 50 + 1, away=voters // 20, seed=seed
    )
    spare = crowd.gave_up + crowd.away + voters // 10

    def with_signer(service: Service, address: str) -> None:
        if not signer:
            return run(service, address, "")
        with tempfile.TemporaryDirectory() as folder, signing(Path(folder)) as link:
            enrolled = signers.enrol(service, link)
            try:
                run(service, address, enrolled.url)
            finally:
                signers.stored(service).remove(enrolled.url)
        return None

    def run(service: Service, address: str, signer_url: str) -> None:
        summary = Rehearsal(
            service=service,
            url=address,
            draft=drafts.draft(
                title=f"演练 {seed}",
                slips=(members + spare, voters - members + spare),
                contests=contests,
                forms=chosen,
                demonstration=True,
                tellers=tellers,
                quorum=quorum or tellers,
                signer=signer_url,
            ),
            crowd=crowd,
            organisation_id=service.office.organisation(drafts.ORGANISATION),
            progress=_told(_bar),
        ).run(out)
        for name, seconds in summary["timings"].items():
            click.echo(f"  {name:14}{seconds:10.3f} s")
        click.echo(f"  计票与所投完全一致 the tally is exactly what was cast: {out}")

    if url is not None:
        with _service() as service:
            with_signer(service, url)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        _service(free_settings(Path(folder))) as service,
        _serving(service.settings),
    ):
        with_signer(service, service.settings.base_url)


@main.group("signer")
def signer_group() -> None:
    """Sign for other installations, as second signer and witness 第二签发方、见证方.

    A process of its own, with data and keys of its own, run by somebody else than the service.
    """


@signer_group.command("serve")
@click.option("--quiet", is_flag=True, help="Say nothing at the start.")
def signer_serve(*, quiet: bool) -> None:
    """Sign and cosign until stopped."""
    from appraisal.signer.serve import serve as run  # noqa: PLC0415

    with _sentences():
        settings = Settings.from_environment(os.environ)
        _require_port(settings)
        if not quiet:
            _introduce(settings, ("邀请 invite", 'appraisal signer invite "…"'))
        run(settings)


@signer_group.command("invite")
@click.argument("name")
def signer_invite(name: str) -> None:
    """Print the link with which the service NAME enrols this signer; an older one is dead."""
    from appraisal.signer.signer import open_signer  # noqa: PLC0415
    from appraisal.witness.invite import invite  # noqa: PLC0415

    with _sentences():
        signer = open_signer(Settings.from_environment(os.environ))
        try:
            link = invite(signer.desk, name, url=signer.settings.base_url)
        finally:
            signer.close()
        _hand_over(signer.settings, link, name, keep="appraisal signer serve")


@main.group("witness")
def witness_group() -> None:
    """Cosign the boards of other installations 见证其他单位的公示板."""


@witness_group.command("invite")
@click.argument("name")
def witness_invite(name: str) -> None:
    """Print the link with which the service NAME enrols this witness; an older one is dead."""
    from appraisal.witness.invite import invite  # noqa: PLC0415
    from appraisal.witness.witness import open_desk  # noqa: PLC0415

    with _service() as service:
        desk = open_desk(
            service.settings,
            keys=service.keys,
            database=service.registry.database,
            now=service.now,
        )
        link = invite(desk, name, url=service.settings.base_url)
        _hand_over(service.settings, link, name, keep="appraisal serve")


def _introduce(settings: Settings, *more: tuple[str, str]) -> None:
    """Who serves, where, and what to do with it; the log that follows has nothing of it."""
    listens = f"{settings.host}:{settings.port}"
    for what, value in (
        ("名称 name", settings.known_as),
        ("地址 address", settings.base_url),
        ("监听 listens on", listens),
        *more,
    ):
        click.echo(f"  {_padded(what, 18)}{value}", err=True)
    click.echo("  按 Ctrl+C 停止。 Ctrl+C stops it.", err=True)


def _hand_over(settings: Settings, link: str, guest: str, *, keep: str) -> None:
    """The link on standard output alone; beside it whose it is and what has to be done."""
    lines = [
        f"  {_padded('名称 name', 18)}{settings.known_as}",
        f"  {_padded('地址 address', 18)}{settings.base_url}",
    ]
    if not settings.name:
        lines.append(
            "  没有设 APPRAISAL_NAME，对方看到的名称就是这个地址；请先设好再邀请。\n"
            "  APPRAISAL_NAME is not set, so that the address is the name: set it first."
        )
    lines += [
        f"  下面的链接只给“{guest}”，先前给的作废：当面交给对方的管理员，",
        "  他在办公室“上级机构”里粘贴。",
        f"  The link below is for “{guest}” alone, an earlier one is dead: hand it to its operator",
        "  in person, who pastes it in the office under “Peers”.",
        f"  对方要用时这边得开着 Keep this running meanwhile: {keep}",
    ]
    click.echo("\n".join(lines), err=True)
    click.echo(link)


@contextmanager
def _service(settings: Settings | None = None) -> Iterator[Service]:
    """The installation of the environment's settings; refusals become one sentence."""
    from appraisal.steps.service import open_service  # noqa: PLC0415

    with _sentences():
        service = open_service(settings or Settings.from_environment(os.environ))
        try:
            yield service
        finally:
            service.close()


@contextmanager
def _serving(settings: Settings) -> Iterator[Popen[bytes]]:
    """A service in a process of its own, where nobody else listens yet."""
    from appraisal.rehearsal.server import serving  # noqa: PLC0415

    _require_port(settings)
    with serving(settings) as process:
        yield process


@contextmanager
def _sentences() -> Iterator[None]:
    """What this package raises on purpose is a sentence for the person, not a traceback."""
    try:
        yield
    except AppraisalError as error:
        raise click.ClickException(str(error)) from error


def _require_port(settings: Settings) -> None:
    """Stop with a sentence if somebody else already listens where this service would."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
                "choose another port with APPRAISAL_PORT"
            ) from error


def _told(show: Callable[[str, int, int], None]) -> Callable[[str, int, int], None]:
    def progress(name: str, done: int, total: int) -> None:
        zh, en = _DOING[name]
        show(f"{zh} {en}", done, total)

    return progress


def _bar(what: str, done: int, total: int) -> None:
    """One line that fills while something is done."""
    if not sys.stderr.isatty() and done < total:
        return
    filled = 20 * done // max(total, 1)
    click.echo(f"\r  [{'#' * filled:20}] {what} {done}/{total} ", nl=done >= total, err=True)


def _padded(text: str, width: int) -> str:
    """Text filled up to a width in columns; a Chinese character takes two."""
    columns = sum(2 if ord(character) > 0x2E7F else 1 for character in text)
    return text + " " * (width - columns)


def _near(path: Path) -> Path:
    """A path as short as it can be said from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
