"""What was written into the comment box, for those whom the manifest names (protocol §4.14)."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_security import auth_required

from appraisal.manifest import Manifest, SessionId
from appraisal.steps import setup
from appraisal.steps.comments import comments_of
from appraisal.store.office import Phase
from appraisal.web.office.current import own_session, service, user

blueprint = Blueprint("comments", __name__, url_prefix="/sessions/<name>/comments")


@blueprint.before_request
@auth_required("session")
def _signed_in() -> None:
    """Let nobody in who is not signed in."""


@blueprint.app_template_global()
def reads_comments(manifest: Manifest) -> bool:
    """Whether who is signed in is a reader of this session's comments."""
    return manifest.comments is not None and user().name in manifest.comments.readers


@blueprint.get("")
def comments(name: str) -> ResponseReturnValue:
    """The comments, shuffled; to anybody else the page says whom to ask."""
    row = own_session(name)
    session = SessionId(row.id)
    if row.phase is not Phase.OPENED or row.destruction is not None:
        abort(404)
    manifest = setup.manifest_of(service(), session)
    if manifest.comments is None:
        abort(404)
    reader = reads_comments(manifest)
    texts = comments_of(service(), session, reader=user().name) if reader else None
    page = render_template(
        "office/results/comments.html",
        row=row,
        manifest=manifest,
        comments=manifest.comments,
        reader=reader,
        texts=texts,
    )
    return page, 200 if reader else 403
