"""One whole session, step by step, with the words of docs/protocol.md §3: a story to read first."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from appraisal import verifier
from appraisal.ballots import merkle, receipts, slips, tokens, voter
from appraisal.ballots.board import unpacked
from appraisal.ballots.cast import encode_cast
from appraisal.ballots.checkpoint import verify_checkpoint
from appraisal.errors import Closed, NotOpen, SlipDrawn, SlipInactive, StepError
from appraisal.manifest import REGISTRAR
from appraisal.rehearsal import drafts
from appraisal.steps import close, opening, publish, setup
from appraisal.steps import slips as slip_step
from appraisal.steps import voting as voting_step
from appraisal.steps.cast import cast
from appraisal.steps.draw import draw
from appraisal.steps.service import Service
from appraisal.tally.record import RecordKind, read_archive, write_archive
from appraisal.tally.results import GroupStatus, Outcome

MEMBERS, PUBLIC = 0, 1
GOOD, FAIR, POOR = (1, 1, 1), (2, 3, 2), (4, 4, 4)


def test_a_branch_appraises_itself_and_its_members(service: Service) -> None:
    # Step 1, set up: the branch and two members, 8 slips for members, 7 for the public.
    draft = drafts.draft(title="第一季度评议", slips=(8, 7), contests=3, demonstration=False)
    organisation = service.office.organisation(drafts.ORGANISATION)
    session = setup.create(
        service,
        replace(draft, rules=replace(draft.rules, quota=1)),
        organisation_id=organisation,
    )
    manifest = setup.freeze(service, session)
    assert len(manifest.boxes) == 6

    # Step 2, slips: printed once; their hashes are on the board before anyone holds one.
    printed = slip_step.print_slips(service, session)
    on_board = b"".join(publish.board_entries(service, session)[1:])
    shown = [slips.credential(slip.code, session=session, signer=REGISTRAR) for slip in printed]
    assert all(on_board.count(slips.slip_hash(session, one)) == 1 for one in shown)
    slip_step.activate(service, session, voter_class=MEMBERS, first=1, last=7)
    slip_step.activate(service, session, voter_class=PUBLIC, first=1, last=6)
    codes = {(slip.voter_class, slip.serial): slip.code for slip in printed}

    def drawing(voter_class: int, serial: int) -> voter.Drawing:
        return voter.start_drawing(manifest, codes[voter_class, serial], rng=os.urandom)

    with pytest.raises(NotOpen):
        draw(service, session, tokens.encode_draw(drawing(MEMBERS, 1).request))
    voting_step.begin(service, session)

    # Step 3, draw: one slip, one set of tokens; the leftover slip is not active.
    with pytest.raises(SlipInactive):
        draw(service, session, tokens.encode_draw(drawing(MEMBERS, 8).request))
    drawn = {}
    for voter_class, count in ((MEMBERS, 6), (PUBLIC, 5)):
        for serial in range(1, count + 1):
            mine = drawing(voter_class, serial)
            answer = draw(service, session, tokens.encode_draw(mine.request))
            assert draw(service, session, tokens.encode_draw(mine.request)) == answer
            drawn[voter_class, serial] = voter.finish_drawing(mine, answer)
    with pytest.raises(SlipDrawn):
        draw(service, session, tokens.encode_draw(drawing(MEMBERS, 1).request))

    # Steps 4 and 5, fill in and cast: everyone finds the first member good and the second fair;
    # of those of the public who drew, one never comes back.
    got = []
    for (voter_class, serial), blanks in drawn.items():
        if (voter_class, serial) == (PUBLIC, 5):
            continue
        ballots = voter.fill_in(manifest, blanks, (FAIR, GOOD, POOR), rng=os.urandom)
        got.append(cast(service, session, encode_cast(ballots)))
        assert cast(service, session, encode_cast(ballots)) == got[-1]

    # Step 7, close: leftovers are void, the board is complete, nobody comes in any more.
    close.close(service, session)
    late = voter.fill_in(manifest, drawn[PUBLIC, 5], (GOOD, GOOD, GOOD), rng=os.urandom)
    with pytest.raises(Closed):
        cast(service, session, encode_cast(late))
    with pytest.raises(Closed):
        draw(service, session, tokens.encode_draw(drawing(MEMBERS, 7).request))
    with pytest.raises(StepError):
        publish.results_of(service, session)

    # Step 8, open: the members' six ballots a box are opened, the public's four are below the
    # floor of five and stay sealed.
    results = opening.open_boxes(service, session)
    for contest in results.contests:
        members, public = contest.groups
        assert (members.status, members.returned) == (GroupStatus.OPENED, 6)
        assert (public.status, public.returned, public.subjects) == (GroupStatus.WITHHELD, 4, ())
    assert results.contests[1].groups[0].subjects[0][0].counts == (6, 0, 0, 0, 0)

    # Step 9, tally and report: one place, and the first member has it.
    assert [subject.outcome for subject in results.subjects] == [
        Outcome.NOT_MET,  # the branch: FAIR has no positive answer to the second question
        Outcome.RECOMMENDED,
        Outcome.NOT_MET,
    ]

    # Anyone checks: the record, and each voter their own receipt.
    # Auditors get the factors of what was published, and nothing that opens the sealed group.
    audit = publish.record(service, session, kind=RecordKind.AUDIT)
    assert verifier.verify(audit).ok
    told = json.loads(audit.files["factors.json"])["tellers"]
    assert [len(teller["factors"]) for teller in told] == [6 * len(results.contests)]
    archive = write_archive(publish.record(service, session, kind=RecordKind.PUBLIC))
    record = read_archive(archive)
    report = verifier.verify(record)
    assert report.ok, report.text("en")
    entries = unpacked(record.files["board.bin"])
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    head = verify_checkpoint(record.files["checkpoint.txt"].decode(), manifest.board, ()).checkpoint
    for receipt in (receipt for one in got for receipt in one):
        receipts.verify_receipt(receipt, manifest)
        index = leaves.index(receipt.ballot)
        proof = merkle.inclusion_proof(leaves, index)
        merkle.verify_inclusion(
            receipt.ballot, index=index, size=head.size, proof=proof, expected=head.root
        )
