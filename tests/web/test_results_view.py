"""What the pages say of results: every kind of question, whole ballots, several forms, rules."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from appraisal.ballot_form import SubjectKind, Text
from appraisal.counting_rules import Threshold, Ties
from appraisal.documents import words
from appraisal.documents.listing import in_order
from appraisal.documents.ranking import Ranked
from appraisal.steps import publish
from appraisal.steps.draft import FormDraft, LimitDraft
from appraisal.steps.service import Service
from appraisal.tally.results import Outcome
from appraisal.web import result_words
from appraisal.web.results_view import Bar, ResultsView, results_view
from tests.voting_session import VotingSession
from tests.web.opened import opened, organisation, person

HAN = re.compile(r"[\u4e00-\u9fff]")
THREE = "three-key-questions"
HALF = Threshold((1, 2), over=False)


def view_of(voting: VotingSession) -> ResultsView:
    return results_view(voting.manifest, publish.results_of(voting.service, voting.id))


def said(texts: tuple[Text, ...]) -> str:
    for text in texts:
        assert text.en
    return "".join(text.zh for text in texts)


def widths_agree(bar: Bar) -> None:
    """No gap, no overlap, nothing beyond the end."""
    at = 0
    for part in bar.answers:
        assert part.start == at
        at += part.width
    assert at == 1000


def test_bars_stand_side_by_side_and_say_what_was_counted(service: Service) -> None:
    votes = {0: [[(1, 2, 0)], [(1, 2, 5)], [(2, 4, 0)]], 1: [[(1, 1, 1)], [(4, 4, 4)]]}
    voting = opened(service, [THREE], [person("王一")], votes)
    (one,) = view_of(voting).subjects
    (form,) = one.forms
    assert form.title is None
    assert [q.asked.text.zh for q in form.questions] == [
        q.text.zh for q in voting.manifest.instruments[0].questions
    ]
    result = publish.results_of(service, voting.id).contests[0]
    for place, question in enumerate(form.questions):
        assert [bar.label.zh for bar in question.bars] == ["党员", "群众"]
        for bar, group in zip(question.bars, result.groups, strict=True):
            counted = group.subjects[0][place]
            assert tuple(part.count for part in bar.answers) == (*counted.counts, counted.blank)
            assert tuple(part.percent for part in bar.answers) == counted.percent
            widths_agree(bar)
    assert [p.pattern for p in form.questions[0].bars[0].parts] == [
        "grade-0", "grade-1", "grade-2", "grade-3", "outside",
    ]  # fmt: skip


def test_subjects_stand_in_the_reports_order(service: Service) -> None:
    people = [person("赵一"), organisation("乙支部"), person("丁二"), organisation("甲支部")]
    voting = opened(service, [THREE], people, {0: [[(1, 1, 1)] * 4] * 2})
    view = view_of(voting)
    assert tuple(s.number for s in view.subjects) == in_order(voting.manifest)
    assert [s.name for s in view.organisations] == ["乙支部", "甲支部"]
    assert [s.name for s in view.persons] == ["丁二", "赵一"]


def test_items_to_tick_are_bars_of_their_own_of_all_valid_ballots(service: Service) -> None:
    ticks = [1, 0, 1, 0, 0, 0, 0, 0, 0]
    nothing = [0] * 9
    voting = opened(service, ["problems"], [person("王一")], {0: [[ticks], [ticks], [nothing]]})
    (one,) = view_of(voting).subjects
    assert one.outcome is Outcome.UNSCORED
    assert one.score == ""
    assert "不计分" in said(one.standing)
    ((bar,),) = (q.bars for q in one.forms[0].questions)
    assert [part.start for part in bar.answers] == [0] * 10
    assert [part.width for part in bar.answers][:3] == [666, 0, 666]
    assert bar.blank.name.zh == "未勾选"
    assert (bar.blank.count, bar.blank.percent) == (1, "33.33")


def test_a_score_is_told_in_bands_with_their_range(service: Service) -> None:
    points = (96, 75, 61, 1)  # one more than the points
    voting = opened(service, ["score-100"], [person("王一")], {0: [[(p,)] for p in points]})
    (one,) = view_of(voting).subjects
    assert one.score == "57.25"
    question = one.forms[0].questions[0]
    names = [name.zh for name, _ in question.asked.legend]
    assert names == [
        "优秀（90—100分）", "称职（70—89分）", "基本称职（60—69分）", "不称职（0—59分）",
    ]  # fmt: skip
    assert [part.count for part in question.bars[0].parts] == [1, 1, 1, 1]


def test_several_forms_of_a_subject_are_told_apart(service: Service) -> None:
    forms: list[str | FormDraft] = [
        THREE, "problems", FormDraft("score-100", SubjectKind.PERSON),
    ]  # fmt: skip
    subjects = [organisation("甲支部"), person("王一")]
    nothing = [0] * 9
    ballot = [(1, 1, 1), nothing, (1, 1, 1), nothing, (81,)]
    voting = opened(service, forms, subjects, {0: [ballot] * 3})
    branch, member = view_of(voting).subjects
    titles = [form.title.zh for form in member.forms if form.title]
    assert titles == [
        i.title.zh for i in voting.manifest.instruments if i.id in {THREE, "problems", "score-100"}
    ]
    assert len(branch.forms) == 2
    assert [score for _, score in member.parts] == ["100.00", "80.00"]
    assert member.score == "90.00"
    assert "《百分制测评》“综合评分”" in said(member.findings)


def test_a_form_is_named_only_where_a_subject_stands_under_several(service: Service) -> None:
    """Both central lists ask about 承诺践诺情况, but nobody stands under both."""
    forms = [
        FormDraft("central-2011-organisations", SubjectKind.ORGANISATION),
        FormDraft("central-2011-members", SubjectKind.PERSON),
    ]
    ballot = [(1, 1, 1, 1, 1), (2, 2, 4, 2)]
    voting = opened(
        service,
        forms,
        [organisation("甲支部"), person("王一")],
        {0: [ballot] * 3},
        positive=HALF,
        turnout=None,
    )
    for one in view_of(voting).subjects:
        assert "《" not in said(one.findings)
    results = publish.results_of(service, voting.id)
    reason = words.reason(Ranked(voting.manifest, results), 1)
    assert reason == "“承诺践诺情况”正面评价0.00%，不足二分之一"


CHOOSE = FormDraft("select-exactly", limits=(LimitDraft(1, 1), LimitDraft(2, 2)))
NAMES = ("甲支部", "乙支部", "丁一", "王二", "赵三", "钱四")


def chosen(*names: str) -> list[list[int]]:
    return [[int(name in names) for name in NAMES]]


def selection(service: Service) -> VotingSession:
    subjects = [organisation(name) for name in NAMES[:2]] + [person(name) for name in NAMES[2:]]
    ballots = [chosen("甲支部", "赵三", "王二")] * 3 + [chosen("乙支部", "赵三", "钱四")] * 3
    return opened(
        service, [CHOOSE], subjects, {0: ballots, 1: ballots[:2]},
        positive=None, turnout=None, quota=1, quota_organisations=1,
    )  # fmt: skip


def test_a_selection_is_listed_by_votes_each_kind_by_itself(service: Service) -> None:
    (whole,) = view_of(selection(service)).whole
    (question,) = whole.questions
    rows = [(row.place, row.name) for row in question.rows if row.kind is SubjectKind.PERSON]
    assert rows == [(1, "赵三"), (2, "王二"), (3, "钱四"), (4, "丁一")]
    rows = [(row.place, row.name) for row in question.rows if row.kind is not SubjectKind.PERSON]
    assert rows == [(1, "甲支部"), (2, "乙支部")]
    first = question.rows[0].bars[0]
    assert (first.parts[0].name.zh, first.blank.name.zh) == ("选了", "未选")
    assert question.asked.positive_called.zh == "得票率"


def test_a_selection_is_told_as_votes_and_share_alone(service: Service) -> None:
    view = view_of(selection(service))
    assert view.by_votes
    for row in (row for whole in view.whole for row in whole.questions[0].rows):
        one = next(subject for subject in view.subjects if subject.number == row.number)
        assert one.votes == sum(bar.parts[0].count for bar in row.bars)
        assert one.score == row.marks.positive
        told = {row.marks.score, row.marks.negative}
        told |= {figure for bar in row.bars for figure in (bar.score, bar.negative)}
        assert told == {""}, "no second figure, and no negative share of what has none"
        assert "得分" not in said(one.reasons)


def test_a_selection_has_no_red_flag_to_tell(service: Service) -> None:
    for one in view_of(selection(service)).subjects:
        assert one.flags == ()
        assert "负面" not in said(one.findings)


def test_equal_votes_share_a_place(service: Service) -> None:
    subjects = [organisation(name) for name in NAMES[:2]] + [person(name) for name in NAMES[2:]]
    ballots = [chosen("甲支部", "赵三", "王二")] * 3
    voting = opened(service, [CHOOSE], subjects, {0: ballots})
    rows = view_of(voting).whole[0].questions[0].rows
    places = [row.place for row in rows if row.kind is SubjectKind.PERSON]
    assert places == [1, 1, 3, 3]


def test_a_whole_ballot_is_told_once_and_not_under_each_subject(service: Service) -> None:
    people = [person(name) for name in ("丁一", "王二", "赵三")]
    votes = {0: [[(1, 2, 2)], [(2, 1, 2)], [(2, 2, 0)]]}
    voting = opened(service, ["overall-grade"], people, votes, members=5)
    view = view_of(voting)
    assert all(not subject.forms for subject in view.subjects)
    (whole,) = view.whole
    assert [row.name for row in whole.questions[0].rows] == ["丁一", "王二", "赵三"]
    for row in whole.questions[0].rows:
        for bar in row.bars:
            widths_agree(bar)
    assert [group.valid for group in whole.groups if not group.sealed] == [3]


def test_the_ballots_of_a_whole_contest_are_told_once(service: Service) -> None:
    """A note that repeats the table's spoilt ballots says nothing."""
    people = [person(name) for name in ("丁一", "王二")]
    votes = {0: [[(1, 2)], [(2, 1)], [(9, 9)]]}
    (whole,) = view_of(opened(service, ["overall-grade"], people, votes, members=6)).whole
    assert [group.spoilt for group in whole.groups if not group.sealed] == [1]
    assert not [note for note in whole.notes if "无效" in note.zh]


def test_people_of_one_name_are_told_apart_on_a_whole_ballot(service: Service) -> None:
    people = [person("王伟", "书记"), person("王伟", "委员")]
    voting = opened(service, ["overall-grade"], people, {0: [[(1, 2)]] * 2}, members=6)
    rows = view_of(voting).whole[0].questions[0].rows
    assert {row.name for row in rows} == {"王伟（书记）", "王伟（委员）"}


def test_a_red_flag_is_told_and_decides_nothing(service: Service) -> None:
    votes = {0: [[(1, 1, 1)], [(1, 1, 1)], [(4, 1, 1)]]}
    voting = opened(
        service, [THREE], [person("王一")], votes,
        negative=Threshold((1, 3), over=False), positive=HALF, turnout=None,
    )  # fmt: skip
    (one,) = view_of(voting).subjects
    assert one.outcome is Outcome.RECOMMENDED
    assert said(one.flags) == ("“党性观念强不强”负面评价33.33%，达到警示线（不少于三分之一）。")
    assert one.reasons[0] == one.flags[0]
    assert "警示：“党性观念强不强”" in said(one.findings)
    assert said(one.verdict) == "各项要求都达到了。"
    over = opened(
        service, [THREE], [person("王一")], votes,
        negative=Threshold((1, 3), over=True), positive=HALF,
    )  # fmt: skip
    assert view_of(over).subjects[0].flags == ()
    assert "没有到警示线（超过三分之一）" in said(view_of(over).subjects[0].findings)


def test_attendance_and_turnout_are_told(service: Service) -> None:
    votes = {0: [[(1, 1, 1)]] * 2}
    voting = opened(
        service, [THREE], [person("王一")], votes,
        attendance=Threshold((1, 1), over=False), turnout=Threshold((1, 2), over=True),
    )  # fmt: skip
    (one,) = view_of(voting).subjects
    assert one.outcome is Outcome.NOT_MET
    assert said(one.findings).startswith("发出的选票占应到的100.00%，达到要求（不少于百分之百）。")
    assert said(one.verdict) == "收回率14.29%，没有达到要求（超过二分之一）。"
    assert "14.29%: not met (more than 1/2)" in one.verdict[0].en


def test_what_is_sealed_or_spoilt_is_said(service: Service) -> None:
    votes = {0: [[(1, 1, 1)]] * 4, 1: [[(1, 1, 1)]]}
    (one,) = view_of(opened(service, [THREE], [person("王一")], votes)).subjects
    assert said(one.forms[0].notes) == "群众：收回1张，不足2张，没有开箱，内容不公布。"
    assert one.forms[0].groups[1].valid is None
    nobody = {0: [[(1, 1, 1)]]}
    (one,) = view_of(opened(service, [THREE], [person("王一")], nobody)).subjects
    assert one.outcome is Outcome.WITHHELD
    assert "没有收到选票" in said(one.forms[0].notes)
    assert said(one.standing) == "没有可以公布的票箱。"
    unknown = {0: [[(5, 5, 5)]] * 3}
    (one,) = view_of(opened(service, [THREE], [person("王一")], unknown)).subjects
    assert said(one.standing) == "没有可以计分的答案。"


def test_a_class_without_answers_to_a_question_is_told(service: Service) -> None:
    votes = {0: [[(1, 5, 1)]] * 3, 1: [[(1, 1, 5)]] * 3}
    (one,) = view_of(opened(service, [THREE], [person("王一")], votes)).subjects
    assert "党员有题目没有可以计分的答案，权重按比例分给其他票种。" in said(one.reasons)
    assert "群众有题目" in said(one.reasons)
    none = {0: [[(1, 0, 1)]] * 3}
    (one,) = view_of(opened(service, [THREE], [person("王一")], none)).subjects
    assert "“联系服务群众够不够”没有得分，得分只按其余题平均。" in said(one.reasons)


@pytest.mark.parametrize(
    ("ties", "outcome", "part"),
    [
        (Ties.OPEN, Outcome.TIED, "2名同分，名额只余1名，请党组织研究确定。"),
        (Ties.ALL, Outcome.RECOMMENDED, "2名同分，名额只余1名，按规则都列入。"),
        (Ties.NONE, Outcome.BELOW_QUOTA, "2名同分，名额只余1名，按规则都不列入。"),
    ],
)
def test_ties_across_the_quota_are_told(
    service: Service, ties: Ties, outcome: Outcome, part: str
) -> None:
    people = [person("丁一"), person("王二")]
    votes = {0: [[(1, 1, 1)] * 2] * 5}
    voting = opened(service, [THREE], people, votes, ties=ties, turnout=None)
    for one in view_of(voting).persons:
        assert one.outcome is outcome
        assert part in said(one.standing)
        assert said(one.standing).startswith("综合得分并列第1名；")


def test_where_nobody_is_recommended_those_that_meet_the_rules_qualify(service: Service) -> None:
    votes = {0: [[(1, 1, 1)] * 2] * 5}
    subjects = [organisation("甲支部"), person("王二")]
    voting = opened(service, [THREE], subjects, votes, quota=0, turnout=None)
    branch, member = view_of(voting).subjects
    assert (branch.outcome_said.zh, branch.rank) == ("符合条件", None)
    assert (member.outcome_said.zh, member.rank) == ("符合条件", 1)
    assert said(member.standing) == "综合得分列第1名。"
    free = opened(service, [THREE], subjects, votes, quota=0, turnout=None, positive=None)
    assert {one.outcome_said.zh for one in view_of(free).subjects} == {"不设条件"}


def test_organisations_with_a_quota_are_ranked_and_recommended(service: Service) -> None:
    view = view_of(selection(service))
    first, second = view.ranked_organisations
    assert (first.name, first.rank, first.outcome_said.zh) == ("甲支部", 1, "推荐")
    assert (second.rank, second.outcome_said.zh) == (2, "名额之外")
    assert said(second.standing) == "得票率列第2名，在1个名额之外。"
    assert [one.rank for one in view.ranked] == sorted(one.rank or 9 for one in view.ranked)


def test_outcomes_are_called_as_in_the_documents() -> None:
    for outcome, text in result_words.OUTCOMES.items():
        assert text.zh == words.outcome(SubjectKind.PERSON, outcome)
        assert not HAN.search(text.en)
    for said, conditions in ((result_words.QUALIFIES, True), (result_words.UNCONDITIONED, False)):
        met = words.outcome(SubjectKind.ORGANISATION, Outcome.RECOMMENDED, conditions=conditions)
        assert said.zh == met
    assert set(result_words.OUTCOMES) == set(Outcome)


def test_every_sentence_has_its_english(service: Service) -> None:
    """Names of classes and subjects aside, which stay as they are."""
    view = view_of(selection(service))
    texts = [
        text for one in view.subjects for text in (one.outcome_said, *one.reasons, *one.findings)
    ]
    texts += [text for whole in view.whole for text in (whole.title, *whole.notes)]
    assert texts
    for text in texts:
        assert HAN.search(text.zh)
        assert not HAN.search(text.en)


def test_shares_are_told_as_they_were_counted(service: Service) -> None:
    (whole,) = view_of(selection(service)).whole
    by_name = {row.name: row.marks.positive for row in whole.questions[0].rows}
    # 3 of 6 and 2 of 2, weighed 50 : 50.
    assert (
        by_name["王二"] == f"{float(100 * (Fraction(1, 2) * Fraction(3, 6) + Fraction(1, 2))):.2f}"
    )
