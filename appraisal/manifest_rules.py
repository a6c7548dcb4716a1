"""The rules of a manifest that no single field can keep (protocol §4.1), each with its sentence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from appraisal.ballot_form import MAX_BOTTOM
from appraisal.ballot_form_rules import check_instrument
from appraisal.counting_rules import Denominator, Threshold
from appraisal.ed25519 import check_key
from appraisal.errors import MalformedError, ManifestError

if TYPE_CHECKING:
    from appraisal.ballot_form import Bounds
    from appraisal.manifest import Manifest

FORMAT: Final = "appraisal-manifest/1"
MAX_PLACES: Final = 20_000
"""Bytes of one ballot's answers, at most."""
MAX_CAST: Final = 3_000_000
"""Bytes of all entries that one voter casts, at most: in base64 they fit in a request (§4.7)."""
ENTRY_SIZES: Final = (132, 288, 80)
"""Bytes of a ballot's entry besides its answers: for itself, a signer and a teller."""
SECTORS: Final = (
    "农村",
    "街道社区",
    "国有企业和金融机构",
    "机关",
    "高等学校",
    "事业单位",
    "非公有制经济组织和社会组织",
)
"""The seven sectors of the seed's 分类指导."""

_SESSION: Final = re.compile(r"[0-9a-hjkmnp-tv-z]{10}")
_NOTE_NAME: Final = re.compile(r"[!-*,-~]{1,255}")
"""A key name of c2sp.org/signed-note, here in ASCII: neither spaces nor plus signs."""
_SIGNER_URL: Final = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?")


def check(m: Manifest) -> None:
    """Refuse a manifest that contradicts itself; `ManifestError` names the field."""
    _check_description(m)
    _check_instruments(m)
    _check_contests(m)
    _check_forms(m)
    _check_classes(m)
    _check_boxes(m)
    _check_signers(m)
    _check_opening(m)
    _check_witnesses(m)
    _check_keys(m)
    _check_rules(m)


def _check_description(m: Manifest) -> None:
    if m.format != FORMAT:
        raise ManifestError(f"format: not {FORMAT}")
    if not _SESSION.fullmatch(m.session):
        raise ManifestError("session: ten symbols of lower-case base32 belong here")
    if not _NOTE_NAME.fullmatch(m.board.origin):
        raise ManifestError("board.origin: a name without spaces and plus signs belongs here")
    if m.sector not in SECTORS:
        raise ManifestError(f"sector: {m.sector!r} is not one of the seven sectors")
    check_date(m.frozen, where="frozen")
    check_date(m.period.start, where="period.from")
    if m.period.end:
        check_date(m.period.end, where="period.to")
        if m.period.end < m.period.start:
            raise ManifestError("period.to is before period.from")


def check_date(text: str, *, where: str) -> None:
    """Refuse what is not an ISO date; `where` names the field."""
    try:
        ok = datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        ok = False
    if not ok:
        raise ManifestError(f"{where}: {text!r} is not a date such as 2010-04-07")


def _check_instruments(m: Manifest) -> None:
    for number, instrument in enumerate(m.instruments):
        try:
            check_instrument(instrument)
        except ManifestError as error:
            raise ManifestError(f"instruments[{number}].{error}") from error
    if len({i.id for i in m.instruments}) != len(m.instruments):
        raise ManifestError("instruments: an id stands twice")


def _check_contests(m: Manifest) -> None:
    stand: set[tuple[int, int]] = set()
    for number, contest in enumerate(m.contests):
        where = f"contests[{number}]"
        if contest.instrument >= len(m.instruments):
            raise ManifestError(f"{where}.instrument points outside its list")
        if any(subject >= len(m.subjects) for subject in contest.subjects):
            raise ManifestError(f"{where}.subjects points outside its list")
        kind = m.instruments[contest.instrument].kind
        for subject in contest.subjects:
            if kind not in {None, m.subjects[subject].kind}:
                raise ManifestError(f"{where}: its instrument asks about the other kind of subject")
            pair = subject, contest.instrument
            if pair in stand:
                raise ManifestError(f"{where}: a subject stands twice under one instrument")
            stand.add(pair)
        if len(contest.subjects) > 1 and not m.instruments[contest.instrument].whole:
            raise ManifestError(f"{where}: only limits put several subjects on one ballot")
    if {subject for subject, _ in stand} != set(range(len(m.subjects))):
        raise ManifestError("contests: not every subject is appraised")
    if {instrument for _, instrument in stand} != set(range(len(m.instruments))):
        raise ManifestError("contests: not every instrument is used")


def _check_forms(m: Manifest) -> None:
    for number, form in enumerate(m.forms):
        if form.size > MAX_PLACES:
            raise ManifestError(f"contests[{number}]: more than {MAX_PLACES} answers on a ballot")
        for bounds in form.bounds:
            _check_bounds(bounds, f"contests[{number}]")
    sizes = (form.size for form in m.forms)
    if cast_size(sizes, signers=len(m.signers), tellers=len(m.opening.tellers)) > MAX_CAST:
        raise ManifestError("contests: a voter's ballots do not fit in one request")


def cast_size(ballots: Iterable[int], *, signers: int, tellers: int) -> int:
    """Bytes of the entries that one voter casts; `ballots` are those of each ballot's answers."""
    own, a_signer, a_teller = ENTRY_SIZES
    besides = own + a_signer * signers + a_teller * tellers
    return sum(besides + size for size in ballots)


def _check_bounds(bounds: Bounds, where: str) -> None:
    if not bounds.most:
        raise ManifestError(f"{where}: a limit allows nobody")
    if bounds.least > min(bounds.most, len(bounds.subjects)):
        raise ManifestError(f"{where}: a limit cannot be met by its subjects")


def _check_rules(m: Manifest) -> None:
    rules = m.rules
    for name in ("attendance", "turnout", "positive", "negative"):
        threshold: Threshold | None = getattr(rules, name)
        if threshold is None:
            continue
        top, bottom = threshold.share
        if not 0 < top <= bottom <= MAX_BOTTOM:
            raise ManifestError(f"rules.{name}: not a share above 0 and up to 1")
        if threshold.over and top == bottom:
            raise ManifestError(f"rules.{name}: more than all is nobody's")
    if rules.trim and rules.denominator is not Denominator.ANSWERS:
        raise ManifestError("rules.trim: extremes are left out of answers only")
    shares = any(limit.share for i in m.instruments for limit in i.limits)
    if shares != bool(rules.members):
        raise ManifestError("rules.members: a number where a limit is a share of it, otherwise 0")


def _check_classes(m: Manifest) -> None:
    if sum(c.weight for c in m.classes) != 100:
        raise ManifestError("classes: the weights do not sum to 100")
    if len({c.name.zh for c in m.classes}) != len(m.classes):
        raise ManifestError("classes: a name stands twice")
    for voter_class in m.classes:
        if voter_class.slips < m.rules.floor:
            raise ManifestError(f"classes: {voter_class.name.zh} has fewer slips than the floor")


def _check_boxes(m: Manifest) -> None:
    # The comment box comes after the last contest.
    contests = len(m.contests) + (m.comments is not None)
    pairs = [(i, j) for i in range(contests) for j in range(len(m.classes))]
    if [(b.contest, b.voter_class) for b in m.boxes] != pairs:
        raise ManifestError("boxes: not one for every contest and class, in order")
    if m.comments and len(set(m.comments.readers)) != len(m.comments.readers):
        raise ManifestError("comments.readers: a name stands twice")
    if any(len(b.token_keys) != len(m.signers) for b in m.boxes):
        raise ManifestError("boxes: not one token key a signer")
    moduli = [key for b in m.boxes for key in b.token_keys]
    if len(set(moduli)) != len(moduli):
        raise ManifestError("boxes: a token key stands twice")
    if any(key[0] < 0x80 or not key[-1] & 1 for key in moduli):
        raise ManifestError("boxes: a token key is no RSA-2048 modulus")


def _check_signers(m: Manifest) -> None:
    registrar, *further = m.signers
    if registrar.key is not None or registrar.url is not None:
        raise ManifestError("signers: the first is the registrar, with a name only")
    if len({s.name for s in m.signers}) != len(m.signers):
        raise ManifestError("signers: a name stands twice")
    for signer in further:
        if signer.key is None or signer.url is None:
            raise ManifestError(f"signers: {signer.name} has no key or no url")
        check_signer_url(signer.url)
    if len({s.key for s in further}) != len(further):
        raise ManifestError("signers: a key stands twice")
    if len({s.url for s in further}) != len(further):
        raise ManifestError("signers: a url stands twice")


def check_signer_url(url: str) -> None:
    """Refuse an address that is more than scheme and host, or not in its one spelling."""
    if not _SIGNER_URL.fullmatch(url):
        raise ManifestError(f"signers: {url!r} is not scheme and host alone")


def _check_keys(m: Manifest) -> None:
    """Every Ed25519 key is one: under another, signatures of anybody could verify."""
    keys = [("board.key", m.board.key)]
    keys += [(f"signers: {s.name}", s.key) for s in m.signers if s.key is not None]
    keys += [(f"witnesses: {w.name}", w.key) for w in m.witnesses]
    for where, key in keys:
        try:
            check_key(key)
        except MalformedError as error:
            raise ManifestError(f"{where}: {error}") from error


def _check_witnesses(m: Manifest) -> None:
    names = [m.board.origin, *(w.name for w in m.witnesses)]
    for name in names:
        check_witness_name(name)
    if len(set(names)) != len(names):
        raise ManifestError("witnesses: a name stands twice, or is the board's")
    keys = [m.board.key, *(w.key for w in m.witnesses)]
    if len(set(keys)) != len(keys):
        raise ManifestError("witnesses: a key stands twice, or is the board's")


def check_witness_name(name: str) -> None:
    """Refuse what is no name of a key in a signed note."""
    if not _NOTE_NAME.fullmatch(name):
        raise ManifestError("witnesses: a name without spaces and plus signs belongs here")


def _check_opening(m: Manifest) -> None:
    if m.opening.quorum > len(m.opening.tellers):
        raise ManifestError("opening.quorum: more than there are tellers")
    if len({t.key for t in m.opening.tellers}) != len(m.opening.tellers):
        raise ManifestError("opening.tellers: a key stands twice")
    if m.opening.custodian and len(m.opening.tellers) != 1:
        raise ManifestError("opening: a custodian session has one teller, the service")
