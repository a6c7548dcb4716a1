"""The nomination report: what it says of every kind of session, and that it can be filed."""

from __future__ import annotations

import datetime
import logging
import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from appraisal.ballot_form import SubjectKind
from appraisal.counting_rules import BelowFloor
from appraisal.documents.rendering import Typesetter, find_faces, font_folders, typesetter
from appraisal.documents.report import Report, report_pdf
from appraisal.manifest import Manifest, Signer, Subject, Witness
from appraisal.tally.openings import VoidReason
from appraisal.tally.results import Outcome, Results
from tests.camera import codes
from tests.documents import factory

NAMES = (*factory.RARE[:5], "欧阳玹珺", "王秀兰", "王秀兰", "李", "𬭎䶮", f"买买提·{'喆' * 26}")


def pages(pdf: bytes) -> list[str]:
    """The text of each page without spaces and line ends."""
    # A hyphen at the end of a line is read back as U+FFFE.
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [p.get_textpage().get_text_range().replace("\ufffe", "-") for p in document]
        return [re.sub(r"\s", "", text) for text in texts]


def made(manifest: Manifest, results: Results, **more: str) -> tuple[Report, bytes, str]:
    """A report, its PDF and all its text."""
    report = factory.report(manifest, results, **more)
    pdf = report_pdf(report)
    return report, pdf, "".join(pages(pdf))


def small(**more: Any) -> Manifest:
    """A session of two persons."""
    return factory.manifest(subjects=factory.persons(("王秀兰", "李建国")), **more)


@pytest.fixture(scope="module")
def usual() -> tuple[Report, bytes, str]:
    """The usual session: a branch and six members, two classes, custodian."""
    manifest = factory.manifest()
    return made(manifest, factory.results(manifest), addressee="中共槐安街道工作委员会")


def test_it_says_whose_what_when_how_and_that_it_only_recommends(
    usual: tuple[Report, bytes, str],
) -> None:
    report, _, text = usual
    for wanted in (
        "关于枣林社区第一党支部2010年“创先争优”党员民主评议结果及“群众心目中的好党员”推荐对象的报告",
        "中共槐安街道工作委员会：",
        "2010年6月20日定稿",
        "2010年6月21日开始投票，2010年6月22日封箱",
        "密钥由评议系统代管",
        "共印制选票凭证40张，作废1张，发出39张",
        "党员602424024242322～230～195.83",
        "群众4016161151514140",
        "本报告只作推荐，由党组织研究决定，不以票取人",
        "监票人：",
        "计票人：",
        "书记：",
        "四舍五入",
        "正面评价占有效答案的百分比，按票种权重合成",
        "不加权。各题逐票种",
        "收回率（收回总数除以发出总数，不加权）",
        "按最大余数法取舍，合计100%，相同票数可能相差0.01",
        "附件：1.计票规则2.核验信息（评议记录嵌于电子文件）3.评议结果明细",
        report.checkpoint.splitlines()[2],
        report.manifest.fingerprint[:5],
    ):
        assert wanted in text, wanted
    assert "演示" not in text
    assert "冻结" not in text
    assert "各票箱票数不同的列出最少和最多" in text


def test_figures_that_are_alike_for_all_need_no_note_on_ranges() -> None:
    manifest = small()
    _, _, text = made(manifest, factory.results(manifest, spoilt=0))
    assert "一张凭证对每个评议对象投一张选票）" in text
    assert "最少和最多" not in text


def test_an_organisation_qualifies_and_is_not_nominated(usual: tuple[Report, bytes, str]) -> None:
    report, _, text = usual
    score = report.results.subjects[0].score
    assert score is not None
    assert (
        f"（三）符合条件的组织1.{factory.BRANCH}，符合推荐条件，综合得分{score.printed}分" in text
    )
    assert f"综合得分{score.printed}符合条件" in text
    assert "党组织不排名次" not in text


def test_a_session_of_organisations_names_no_persons() -> None:
    names = ("枣林社区第一党支部", "枣林社区第二党支部")
    subjects = [Subject(SubjectKind.ORGANISATION, name, "") for name in names]
    manifest = factory.manifest(subjects=subjects, positive=None)
    _, _, text = made(manifest, factory.results(manifest))
    assert "（二）符合条件的组织" in text
    assert "符合条件的个人" not in text
    assert "推荐对象" not in text


def test_every_figure_of_the_results_is_in_the_annex(usual: tuple[Report, bytes, str]) -> None:
    report, pdf, _ = usual
    annex = "".join(p for p in pages(pdf)[-5:])
    for result in report.results.subjects:
        assert result.score is not None
        assert f"综合得分{result.score.printed}" in annex
    for contest in report.results.contests:
        for group in contest.groups:
            assert f"发出{group.issued}，收回{group.returned}，有效{group.valid}" in annex
            for question in group.subjects[0]:
                numbers = (*question.counts, question.blank)
                row = "".join(f"{n}{p}" for n, p in zip(numbers, question.percent, strict=True))
                assert row in annex


def test_subjects_stand_by_strokes_with_organisations_first(
    usual: tuple[Report, bytes, str],
) -> None:
    _, pdf, _ = usual
    found = re.findall(r"(\d)\.(\D+?)(?:（社区党员）)?综合得分", "".join(pages(pdf)[-5:]))
    assert [name for _, name in found] == [
        factory.BRANCH, "王秀兰", "刘桂芝", "李建国", "陈明", "欧阳喆", "赵垚",
    ]  # fmt: skip


def test_each_person_has_the_reason_of_the_outcome(usual: tuple[Report, bytes, str]) -> None:
    report, _, text = usual
    for subject, result in zip(report.manifest.subjects, report.results.subjects, strict=True):
        assert result.score is not None
        if subject.kind is SubjectKind.ORGANISATION:
            continue
        head = f"{subject.name}（社区党员），"
        match result.outcome:
            case Outcome.NOT_MET:
                assert re.search(rf"{head}“[^”]+”正面评价[\d.]+%，不足三分之二", text)
            case _:
                reason = f"符合推荐条件，综合得分{result.score.printed}分，列第{result.rank}名"
                assert head + reason in text


def test_ties_at_the_quota_are_shown_as_ties() -> None:
    manifest = factory.manifest(quota=1, positive=None, subjects=factory.persons(("丁一", "王二")))
    results = factory.results(manifest, alike=[(0, 1)], spoilt=0)
    _, _, text = made(manifest, results)
    assert "同分并列、待研究确定的对象" in text
    assert text.count("2人同分而推荐名额只余1名，请党组织研究确定") == 2
    assert "没有可以直接推荐的个人" in text


def test_a_class_below_the_floor_is_said_and_not_shown() -> None:
    manifest = small()
    _, _, text = made(manifest, factory.results(manifest, withheld=[1]))
    assert "各评议对象的群众票箱收回选票3张，不足下限5张" in text
    assert "其权重由其他票种按比例分担" in text
    assert "群众：发出15，收回3，不足下限，未开箱" in text


def test_an_empty_box_is_said_to_be_empty() -> None:
    manifest = small()
    _, _, text = made(manifest, factory.results(manifest, returned=(23, 0)))
    assert "各评议对象的群众票箱没有收到选票。" in text
    assert "群众：发出15，收回0，没有收到选票" in text
    assert "不足下限5张" not in text


def test_too_few_valid_ballots_are_said_and_not_shown() -> None:
    manifest = small()
    _, _, text = made(manifest, factory.results(manifest, returned=(6, 14), spoilt=4))
    assert "党员票箱收回选票6张，开箱后有效票不足5张，不予公布" in text
    assert "其选票不公布，不计入结果" in text
    assert "党员：发出24，收回6，有效票不足5张，不予公布" in text


@pytest.mark.parametrize(
    ("returned", "spoilt", "said"),
    [
        ((0, 0), 0, "没有收到选票"),
        ((3, 0), 0, "各票箱收回的选票均不足5张，未开箱"),
        ((6, 3), 4, "各票箱的有效票均不足5张，不予公布"),
    ],
)
def test_why_a_subject_has_no_result(returned: tuple[int, int], spoilt: int, said: str) -> None:
    manifest = factory.manifest(subjects=factory.persons(("王秀兰",)))
    _, _, text = made(manifest, factory.results(manifest, returned=returned, spoilt=spoilt))
    assert f"1.王秀兰（社区党员），{said}。" in text


def test_classes_below_the_floor_may_be_merged() -> None:
    manifest = small(below_floor=BelowFloor.MERGE)
    results = factory.results(manifest, withheld=[1])
    pdf = report_pdf(factory.report(manifest, results, returned=[23, 3]))
    text = "".join(pages(pdf))
    assert "党员、群众有票箱收回不足下限，各票种合并开箱，有效、无效只公布合并后的数字" in text
    assert "党员、群众（合并）：发出39，收回26" in text
    # What each class returned is on the board, ballot by ballot.
    slips = [f"{c.printed}{c.void}{c.issued}{c.drawn}" for c in results.slips]
    assert f"{slips[0]}23——95.83" in text
    assert f"{slips[1]}3——20.00" in text


def test_nothing_opened_means_nothing_recommended() -> None:
    manifest = small()
    _, _, text = made(manifest, factory.results(manifest, withheld=[0, 1]))
    assert "没有可以推荐的个人" in text
    assert "各票箱收回的选票均不足5张，未开箱" in text


def test_a_void_session_has_a_short_report_without_results() -> None:
    manifest = small()
    _, pdf, text = made(manifest, factory.results(manifest, void=True))
    assert "无效情况的报告" in text
    assert "全部票箱均未开启，不产生任何评议结果和推荐对象" in text
    # More were returned than drawn, and the table says so.
    slips = factory.results(manifest, void=True).slips[0]
    assert f"领取收回党员{manifest.classes[0].weight}" in text
    assert f"{slips.issued}{slips.drawn}{slips.drawn + 1}" in text
    assert "综合得分" not in text
    assert len(pages(pdf)) <= 4


def test_tellers_are_named() -> None:
    manifest = small(custodian=False, tellers=("张三", "李四", "王五"))
    _, _, text = made(manifest, factory.results(manifest))
    assert "由张三、李四、王五3名监票人分别保管，其中2人到场方可开箱" in text
    assert "代管" not in text


def test_a_demonstration_says_so_on_every_page() -> None:
    manifest = small(demonstration=True)
    _, pdf, _ = made(manifest, factory.results(manifest))
    assert all("不具有任何效力" in page for page in pages(pdf))


def test_rare_names_print_and_can_be_read_back() -> None:
    manifest = factory.manifest(subjects=factory.persons(NAMES), organisation=f"{factory.RARE}支部")
    _, pdf, text = made(manifest, factory.results(manifest))
    for name in NAMES:
        assert name in text
    fonts = factory.fonts(pdf)
    assert all(font.embedded for font in fonts)
    assert not any(font.shows_notdef for font in fonts)
    assert "均缺" not in text


def test_a_letter_that_no_font_has_is_named() -> None:
    manifest = factory.manifest(subjects=factory.persons(("王\U0003ffff", "李明")))
    _, _, text = made(manifest, factory.results(manifest))
    assert "以下字符本机所有字体均缺，印作空框：U+3FFFF" in text


def test_without_fandol_the_report_is_whole_and_says_so() -> None:
    manifest = small()
    report = factory.report(manifest, factory.results(manifest))
    pdf = report_pdf(report, setter=Typesetter({}))
    assert "本机缺少仿宋、楷体字体，以思源宋体代替" in "".join(pages(pdf))
    assert not any("Fandol" in font.name for font in factory.fonts(pdf))


def test_fandol_is_embedded_where_it_is_found(usual: tuple[Report, bytes, str]) -> None:
    names = " ".join(font.name for font in factory.fonts(usual[1]))
    for family in typesetter().faces:
        assert family in names


def test_page_and_type_area_are_those_of_the_standard(usual: tuple[Report, bytes, str]) -> None:
    with pypdfium2.PdfDocument(usual[1]) as document:
        for number, page in enumerate(document, 1):
            assert [round(side * 25.4 / 72) for side in page.get_size()] == [210, 297]
            text = page.get_textpage()
            boxes = [
                text.get_charbox(i)
                for i in range(text.count_chars())
                if text.get_text_range(i, 1).strip()
            ]
            left = min(box[0] for box in boxes) * 25.4 / 72
            right = 210 - max(box[2] for box in boxes) * 25.4 / 72
            inner, outer = (28, 26) if number % 2 else (26, 28)
            assert left >= inner - 1
            # A closing mark has its ink in the left half of its square.
            assert right >= outer - 1
            found = "".join(text.get_text_range().split())
            assert f"—{number}—" in found


def test_lines_have_28_characters_and_22_lines_make_a_page(
    usual: tuple[Report, bytes, str],
) -> None:
    with pypdfium2.PdfDocument(usual[1]) as document:
        text = document[1].get_textpage()
        lines = text.get_text_range().splitlines()
        assert max(len(re.sub(r"\s", "", line)) for line in lines if line[:1] >= "\u4e00") >= 28
        tops = sorted(
            {
                round(text.get_charbox(i)[1])
                for i in range(text.count_chars())
                if text.get_text_range(i, 1) in "议种票"
            },
            reverse=True,
        )
        pitches = [a - b for a, b in pairwise(tops) if 20 < a - b < 40]
        assert all(abs(pitch - 28.95) <= 3 for pitch in pitches[:6])


def test_the_record_is_attached_and_the_code_leads_to_it(usual: tuple[Report, bytes, str]) -> None:
    report, pdf, _ = usual
    with pikepdf.open(BytesIO(pdf)) as document:
        (name,) = document.attachments
        assert name == f"record-{report.manifest.session}.zip"
        assert document.attachments[name].get_file().read_bytes() == report.record
    with pypdfium2.PdfDocument(pdf) as document:
        images = [page.render(scale=2).to_pil() for page in document]
    found = [code.text for image in images for code in codes(image)]
    assert found == [report.record_url]


def test_metadata_language_bookmarks_and_archive_form(usual: tuple[Report, bytes, str]) -> None:
    report, pdf, _ = usual
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.Lang == "zh-CN"
        assert str(document.docinfo["/Title"]).startswith("关于枣林社区")
        assert document.Root.MarkInfo.Marked
        assert "/OutputIntents" in document.Root
        metadata = document.open_metadata()
        assert metadata["pdfaid:part"] == "3"
        with document.open_outline() as outline:
            titles = [item.title for item in outline.root]
            assert titles[-1] == "附件3 评议结果明细"
            assert len(outline.root[-1].children) == len(report.results.subjects)
        numbers = document.Root.StructTreeRoot.ParentTree.Nums.as_list()
        keys = [int(n) for n in list(numbers)[::2]]
        assert keys == sorted(set(keys))
        assert all("/StructParents" in page.obj for page in document.pages)


def test_the_same_values_are_the_same_pages(usual: tuple[Report, bytes, str]) -> None:
    report, pdf, _ = usual
    assert pages(report_pdf(report)) == pages(pdf)
    later = report_pdf(replace(report, counted=datetime.date(2010, 6, 23)))
    assert "2010年6月23日开箱计票" in "".join(pages(later))


@pytest.mark.parametrize("length", [1, 100])
def test_names_of_any_length_stay_on_the_page(length: int) -> None:
    subjects = (
        Subject(SubjectKind.ORGANISATION, "支" * length, "部" * 2 * length),
        *factory.persons(["王" * length]),
    )
    manifest = factory.manifest(
        subjects=subjects, title="评" * 2 * length, organisation="枣" * 2 * length
    )
    _, pdf, _ = made(manifest, factory.results(manifest))
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            boxes = [text.get_charbox(i) for i in range(text.count_chars())]
            assert max(box[2] for box in boxes) * 25.4 / 72 <= 186


def test_styles_are_all_understood(caplog: pytest.LogCaptureFixture) -> None:
    manifest = small(demonstration=True)
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        report_pdf(factory.report(manifest, factory.results(manifest)))
    assert [r.getMessage() for r in caplog.records if r.name == "weasyprint"] == []


def test_fonts_are_found_where_the_environment_says(tmp_path: Path) -> None:
    assert find_faces(()) == {}
    (tmp_path / "FandolKai-Regular.otf").write_bytes(b"OTTO")
    folders = font_folders({"APPRAISAL_FONTS": str(tmp_path), "APPRAISAL_DATA": "/nowhere"})
    assert folders[:2] == (tmp_path, Path("/nowhere/fonts"))
    assert find_faces(folders)["FandolKai"] == tmp_path / "FandolKai-Regular.otf"


def watched(manifest: Manifest) -> Manifest:
    """The same with a second signer and two witnesses."""
    signer = Signer("市直机关工委", (3).to_bytes(32, "little"), "https://signer.example.org")
    witnesses = (
        Witness("witness-a.example.org", (4).to_bytes(32, "little")),
        Witness("witness-b.example.org", (5).to_bytes(32, "little")),
    )
    boxes = tuple(
        replace(box, token_keys=(*box.token_keys, (1 << 2047 | 2 * n + 1).to_bytes(256, "big")))
        for n, box in enumerate(manifest.boxes)
    )
    return replace(manifest, signers=(*manifest.signers, signer), witnesses=witnesses, boxes=boxes)


def text_of(report: Report) -> str:
    return "".join(pages(report_pdf(report)))


def test_who_opened_is_named_beside_those_who_hold_the_keys() -> None:
    manifest = small(custodian=False, tellers=("张三", "李四", "王五"))
    report = factory.report(manifest, factory.results(manifest))
    text = text_of(replace(report, openers=("张三", "王五")))
    assert "由张三、李四、王五3名监票人分别保管，其中2人到场方可开箱" in text
    assert "评议系统不持有开箱密钥" in text
    assert "本次由张三、王五2人交出逐票解密因子开箱" in text


def test_signers_and_witnesses_are_named_and_who_states_that_keys_are_destroyed() -> None:
    manifest = watched(small())
    report = factory.report(manifest, factory.results(manifest))
    text = text_of(replace(report, cosigned=("witness-a.example.org",)))
    assert "另由“市直机关工委”（https://signer.example.org）签发" in text
    assert "领票密钥已于封箱时销毁（由评议系统和“市直机关工委”声明）" in text
    assert "“witness-a.example.org”、“witness-b.example.org”见证" in text
    assert "其中“witness-b.example.org”尚未对末次公示签名；签名以后" in text
    both = text_of(replace(report, cosigned=("witness-a.example.org", "witness-b.example.org")))
    assert "均已对末次公示签名" in both
    assert "尚未" not in both
    known = text_of(replace(report, enrolled={"witness-a.example.org": "滨江街道纪工委"}))
    assert "公示板由“滨江街道纪工委”（witness-a.example.org）、“witness-b.example.org”见证" in known
    assert "其中“滨江街道纪工委”（witness-a.example.org）、“witness-b.example.org”尚未" in known


def test_the_board_root_is_called_and_spelt_as_everywhere() -> None:
    manifest = small()
    report = factory.report(manifest, factory.results(manifest))
    assert f"公示板根{report.checkpoint.splitlines()[2]}" in text_of(report)


def test_without_a_second_signer_the_service_alone_states_it() -> None:
    manifest = small()
    text = text_of(factory.report(manifest, factory.results(manifest)))
    assert "领票密钥已于封箱时销毁（由评议系统声明）" in text
    assert "另由" not in text
    assert "见证，" not in text


@pytest.mark.parametrize(
    ("openers", "wanted"),
    [(("李四",), "实际交来的有李四1人，监票人无法开箱"), ((), "实际无人交来，监票人无法开箱")],
)
def test_boxes_that_could_not_be_opened_are_another_reason_than_too_many_ballots(
    openers: tuple[str, ...], wanted: str
) -> None:
    manifest = small(custodian=False, tellers=("张三", "李四", "王五"))
    report = factory.report(manifest, factory.results(manifest, void=True))
    text = text_of(replace(report, void=VoidReason.UNOPENED, openers=openers))
    assert "须有2名监票人交来解密因子方可开箱" in text
    assert wanted in text
    assert "多于该票种已领取的凭证数" not in text
    overfull = text_of(replace(report, void=VoidReason.OVERFULL))
    assert "多于该票种已领取的凭证数" in overfull
    assert "无法开箱" not in overfull


def test_a_session_that_could_not_be_closed_says_which_signer_stated_nothing() -> None:
    """Nor does the report say that its token keys are destroyed: nobody stated it."""
    manifest = watched(small())
    report = factory.report(manifest, factory.results(manifest, void=True))
    gone = replace(report, void=VoidReason.UNSTATED, unstated=("市直机关工委",))
    text = text_of(gone)
    assert "“市直机关工委”没有作出声明" in text
    assert "不能封箱，经宣布本次评议无效。全部票箱均未开启" in text
    assert "领票密钥已于停止投票时销毁（由评议系统声明；“市直机关工委”未作声明）" in text
    assert "日停止投票，2010年" in text
    assert "日封箱" not in text
    for other in ("多于该票种已领取的凭证数", "监票人无法开箱"):
        assert other not in text
