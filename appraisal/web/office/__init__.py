"""The office: where a secretary prepares, runs and reads a session, behind a sign-in.

Its own Flask application with its own cookie, mounted at /office. It takes steps
(`appraisal.steps`) and writes nothing but accounts itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from flask import Flask, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, gettext
from flask_security import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from appraisal.errors import AppraisalError
from appraisal.manifest import Manifest
from appraisal.serving.answers import Public
from appraisal.steps import signers
from appraisal.steps.draft import Draft
from appraisal.steps.service import Service
from appraisal.steps.slips import Turnout
from appraisal.store.office import Phase, SessionRow
from appraisal.web.assets import Assets, template_folder
from appraisal.web.office import refusals, words
from appraisal.web.office.entry import accounts, peers, people, protection, sign_in
from appraisal.web.office.instruments import pages as instruments
from appraisal.web.office.jobs import Jobs
from appraisal.web.office.made_files import MadeFiles
from appraisal.web.office.printed_sheets import PrintedSheets
from appraisal.web.office.results import comments, feedback, retention
from appraisal.web.office.results import pages as results
from appraisal.web.office.results import sheets as result_sheets
from appraisal.web.office.running import figures, sessions, slips, tellers, voting
from appraisal.web.office.setup import ballots_form, comments_form, periods

TRANSLATIONS: Final = Path(__file__).parent.parent.parent / "translations"
TOO_LARGE: Final = 413
SECRET: Final = "office"  # noqa: S105 - a name, not a secret
"""The name of the office's secret in the key folder."""


def create_office(service: Service) -> Flask:
    """The office of a service as a Flask application that is mounted at /office."""
    # Its pages have slips in hand: an error is logged by kind and place only, as everywhere.
    app: Flask = Public(__name__, static_folder=None, template_folder=str(template_folder()))
    protection.configure(app, service.settings, secret=service.keys.secret(SECRET))
    app.extensions["appraisal"] = service
    app.extensions["appraisal-jobs"] = Jobs()
    app.extensions["appraisal-made"] = MadeFiles()
    app.extensions["appraisal-sheets"] = PrintedSheets()
    Babel(
        app,
        default_locale="zh",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: session.get("language", words.LANGUAGES[0]),
    )
    users = accounts.install(app, service)
    for module in (
        sign_in,
        sessions,
        instruments,
        slips,
        voting,
        tellers,
        results,
        result_sheets,
        feedback,
        comments,
        retention,
        people,
        peers,
    ):
        app.register_blueprint(module.blueprint)

    @app.before_request
    def _let_the_database_go() -> None:
        # Who is signed in is read first; an open transaction would keep a step from compacting.
        session.permanent = True
        if current_user.is_authenticated:
            users.commit()

    protection.install(app, service.settings)
    protection.trust_proxies(app, service.settings.office_proxies)
    _templates(app, service)
    app.register_error_handler(HTTPException, _error)
    app.register_error_handler(AppraisalError, _refused)
    return app


def _templates(app: Flask, service: Service) -> None:
    """What every template may call."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asked_words=ballots_form.asked_words,
        asset=Assets.load(),
        base_url=service.settings.base_url,
        class_words=words.class_words,
        date_words=words.date_words,
        figure_words=figures.figure_words,
        fingerprint_words=_fingerprint,
        guide=_guide,
        here=_here,
        job_words=words.job_words,
        kind_words=ballots_form.kind_words,
        language_tag=lambda: "en" if words.english() else "zh-Hans",
        may_operate=lambda: current_user.has_role(accounts.OPERATOR),
        offered_awards=list(dict.fromkeys(a for o in periods.OFFERED for a in o.awards)),
        peer_words=lambda url: words.peer_name(url, signers.peers(service)),
        period_words=periods.period_words,
        Phase=Phase,
        phase_words=words.PHASE_WORDS,
        quorum_words=words.quorum_words,
        ready_to_begin=_ready_to_begin,
        sector_words=periods.sector_words,
        session_list=lambda: _session_list(service),
        signed_in=lambda: bool(current_user.is_authenticated),
        signed_in_name=lambda: current_user.name or current_user.email,
        stage_of=words.STAGE_OF,
        stage_words=words.STAGE_WORDS,
        stages_in_order=words.STAGES,
        teller_words=words.teller_words,
        texted=words.texted,
        texted_comment=comments_form.comment_words,
        witness_name=words.witness_name,
        witness_words=words.witness_words,
    )


def _session_list(service: Service) -> tuple[SessionRow, ...]:
    organisation = current_user.organisation_id
    return () if organisation is None else service.office.sessions(organisation)


def _guide(role: str = "") -> str:
    """The address of a role's guide in the language of the page; without a role, of the list."""
    path = f"/help/{role}" if role else "/help"
    return f"{path}?lang={'en' if words.english() else 'zh'}"


def _here() -> str:
    """The path of this page, to come back to it in the other language."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _fingerprint(manifest: Manifest, symbols: int = 26) -> str:
    """The fingerprint of a manifest as people compare it, in groups of five."""
    shown = manifest.fingerprint[:symbols]
    return "-".join(shown[i : i + 5] for i in range(0, len(shown), 5))


def _ready_to_begin(draft: Draft, turnout: tuple[Turnout, ...]) -> bool:
    return all(t.active >= draft.rules.floor for t in turnout)


def _refused(error: AppraisalError) -> ResponseReturnValue:
    """A step that was refused where its page did not expect it: two people at one session."""
    title = gettext("没有做成")
    advice = refusals.refusal_words(error)
    return render_template("office/error.html", title=title, advice=advice), 409


def _error(error: HTTPException) -> ResponseReturnValue:
    """One plain page for whatever goes wrong."""
    said: dict[int, tuple[str, str]] = {
        400: (
            gettext("没有收到完整的内容"),
            gettext("请退回上一页再提交一次。填写的内容浏览器还留着。"),
        ),
        403: (gettext("这一页不归您看"), gettext("需要的话，请找管理员开通。")),
        404: (
            gettext("没有这一页"),
            gettext("地址不对，或者这个评议不属于您的组织，或者已经删除。"),
        ),
        410: (
            gettext("这份 PDF 已经清除"),
            gettext("没有存下来的话，请在评议页选“作废并重印”。"),
        ),
        413: (gettext("发来的内容太大"), gettext("名单文件不能超过 2 MB。")),
        429: (gettext("试得太频繁了"), gettext("请过十分钟再试。")),
        500: (
            gettext("出了意外的问题"),
            gettext("请再试一次；仍不行请找管理员查看日志。已保存的内容没有丢。"),
        ),
    }
    code = error.code or 500
    if isinstance(error, CSRFError) or (code == TOO_LARGE and protection.stranger()):
        # Whose sign-in has ended meanwhile may have sent a long list.
        said[code] = (
            gettext("页面已经过期"),
            gettext("请退回上一页，刷新后再提交一次。填写的内容会恢复。"),
        )
    if error.response is not None:
        return error.response
    title, advice = said.get(code, (gettext("没有做成"), gettext("请退回上一页再试一次。")))
    page: Any = render_template("office/error.html", title=title, advice=advice)
    return page, code
