"""The security headers of every answer, for both applications: what differs is named here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SHARED: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PUBLIC: Final = {**SHARED, "Referrer-Policy": "no-referrer"}
"""Booth, board and tellers' page: nothing from elsewhere runs, frames, or learns the address."""
OFFICE: Final = {
    **SHARED,
    # A form's token is checked together with the page it came from.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
"""The office: not kept, not found by search engines."""
_TRANSPORT: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""Seconds for which a browser that came over TLS comes by nothing else."""


def connecting_to(origins: Iterable[str]) -> str:
    """The policy of a page that may also send requests to these origins, and to no others."""
    return CONTENT_SECURITY_POLICY.replace(
        "connect-src 'self'", " ".join(["connect-src 'self'", *origins])
    )


def public(*, secure: bool) -> dict[str, str]:
    """The headers of the public pages; `secure` where browsers reach them over TLS."""
    return PUBLIC | (_TRANSPORT if secure else {})


def office(*, secure: bool) -> dict[str, str]:
    """The headers of the office; `secure` where browsers reach it over TLS."""
    return OFFICE | (_TRANSPORT if secure else {})
