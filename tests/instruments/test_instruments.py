from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from appraisal import instruments
from appraisal.errors import ManifestError

SEED = {
    "党性观念强不强": ["强", "较强", "一般", "不强", "不了解"],
    "联系服务群众够不够": ["够", "较够", "一般", "不够", "不了解"],
    "发挥先锋模范作用明显不明显": ["明显", "较明显", "一般", "不明显", "不了解"],
}


def test_the_three_key_questions_have_the_wording_of_the_seed() -> None:
    instrument = instruments.load("three-key-questions")
    found = {q.text.zh: [grade.text.zh for grade in q.grades] for q in instrument.questions}
    assert found == SEED
    for question in instrument.questions:
        assert [grade.points for grade in question.grades] == [100, 80, 60, 40, None]
        assert [grade.positive for grade in question.grades] == [True, True, False, False, False]
        assert question.text.en
        assert all(grade.text.en for grade in question.grades)


def test_every_instrument_is_available() -> None:
    files = {path.stem for path in instruments.FOLDER.glob("*.toml")}
    assert {instrument.id for instrument in instruments.available()} == files


def test_an_unknown_instrument() -> None:
    with pytest.raises(ManifestError, match="no instrument"):
        instruments.load("../secrets")


GOOD = (instruments.FOLDER / "three-key-questions.toml").read_text()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda _: "id = ", "is not TOML"),
        (lambda text: text.replace('id = "three', 'more = 1\nid = "three', 1), "more is not known"),
        (lambda text: text.replace('id = "three-key-questions"', "", 1), "id is missing"),
        (lambda text: text.replace("points = 100", 'points = "100"', 1), "an integer belongs here"),
        (lambda text: text.replace("points = 100", "points = 99.5", 1), "an integer belongs here"),
        (lambda text: text.replace("points = 100", "points = 2010-04-07", 1), "an integer belongs"),
        (lambda text: text.replace("points = 100", "points = 70", 1), "do not stand best first"),
        (lambda text: text.replace("points = 100", "points = 1001", 1), "not from 0 to 1000"),
        (lambda text: text.replace(", positive = true", "", 1), "positive is missing"),
        (lambda text: text.replace('zh = "强"', 'zh = ""', 1), "a text of 1 to"),
        (lambda text: text.replace('"three-key-questions"', '"other"', 1), "not the file's name"),
        (lambda text: text + "#" * 2**18, "more than 262144 bytes"),
    ],
)
def test_a_wrong_file_is_refused_with_its_sentence(
    tmp_path: Path, change: Callable[[str], str], sentence: str
) -> None:
    path = tmp_path / "three-key-questions.toml"
    path.write_text(change(GOOD))
    with pytest.raises(ManifestError, match=sentence):
        instruments.read(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        instruments.read(tmp_path / "none.toml")
    path = tmp_path / "three-key-questions.toml"
    path.write_bytes("党性观念".encode("gbk"))
    with pytest.raises(ManifestError, match="is not UTF-8"):
        instruments.read(path)
