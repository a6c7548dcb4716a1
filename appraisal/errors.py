"""The refusals of the service: one root, one class a kind, one stable code a sentence.

A check returns nothing or raises one of these. `Refusal.code` is what travels on the wire
(docs/protocol.md §4.11); the sentence is for people who read logs and reports, never for parsing.
"""

from __future__ import annotations

from typing import ClassVar


class AppraisalError(Exception):
    """The root of everything this package raises on purpose."""


class MalformedError(AppraisalError):
    """Bytes or text that are not in the one form their format allows."""


class ManifestError(MalformedError):
    """A session description that contradicts itself or leaves its ranges."""


class CryptoError(AppraisalError):
    """A signature, token or sealed value that does not verify or open."""


class RecordError(AppraisalError):
    """A record that cannot be read at all (not one that reads and fails a check).

    `zh` says the same in Chinese.
    """

    def __init__(self, en: str, *, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class StepError(AppraisalError):
    """A step of the office taken out of turn, or whose conditions do not hold.

    `code` is stable and what the office translates by, with `values` in the sentence's places;
    the codes are listed in `appraisal/steps/README.md`.
    """

    def __init__(self, code: str, sentence: str, **values: str | int) -> None:
        super().__init__(sentence)
        self.code = code
        self.values = values


class Refusal(AppraisalError):  # noqa: N818 - the field's word: a ballot is refused
    """A draw or cast request that is refused; `code` and `status` are those of protocol §4.11."""

    code: ClassVar[str]
    status: ClassVar[int]


class Malformed(Refusal):
    """Not JSON, wrong fields, wrong lengths or not canonical."""

    code, status = "malformed", 400


class WrongBoxes(Refusal):
    """Not exactly one ballot for every box of one class, in order."""

    code, status = "wrong-boxes", 400


class TokenInvalid(Refusal):
    """A token that does not verify in this box."""

    code, status = "token-invalid", 403


class SignatureInvalid(Refusal):
    """A ballot that its ballot key did not sign."""

    code, status = "signature-invalid", 403


class UnknownSession(Refusal):
    """No such session."""

    code, status = "unknown-session", 404


class SlipUnknown(Refusal):
    """No slip with this code in this session."""

    code, status = "slip-unknown", 404


class NotOpen(Refusal):
    """Voting has not begun."""

    code, status = "not-open", 409


class SlipInactive(Refusal):
    """A slip printed, but not yet made active."""

    code, status = "slip-inactive", 409


class SlipDrawn(Refusal):
    """A slip already used, by another request."""

    code, status = "slip-drawn", 409


class KeyUsed(Refusal):
    """Another ballot stands in the box under this ballot key."""

    code, status = "key-used", 409


class SlipVoid(Refusal):
    """A slip declared void."""

    code, status = "slip-void", 410


class Closed(Refusal):
    """Voting is over."""

    code, status = "closed", 410


class TooLarge(Refusal):
    """A request over its size limit."""

    code, status = "too-large", 413


class NotJson(Refusal):
    """A request whose content type is not JSON."""

    code, status = "not-json", 415


class Busy(Refusal):
    """The store could not take the request now; nothing was kept."""

    code, status = "busy", 503


class TellerRefusal(Refusal):
    """A teller's request that is refused; the codes of protocol §4.13."""


class LinkUnknown(TellerRefusal):
    """Nobody's link, or one that was replaced by a new one."""

    code, status = "link-unknown", 403


class KeyStanding(TellerRefusal):
    """A key was handed in before."""

    code, status = "key-standing", 409


class TermsChanged(TellerRefusal):
    """The key card was made for another number of tellers, or another quorum."""

    code, status = "terms-changed", 409


class NotDraft(TellerRefusal):
    """The session has been frozen; keys are fixed."""

    code, status = "not-draft", 409


class NotClosed(TellerRefusal):
    """Factors before the session is closed, or after its boxes were opened."""

    code, status = "not-closed", 409


class AnswerWrong(TellerRefusal):
    """The answer to a key check is not what was sealed to the key."""

    code, status = "answer-wrong", 400


class FactorsWrong(TellerRefusal):
    """Decryption factors that are not good; the text says how many."""

    code, status = "factors-wrong", 400


class Custodian(TellerRefusal):
    """The session has no tellers."""

    code, status = "custodian", 409
