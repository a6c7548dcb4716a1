"""Sentences in Chinese and English, put together from their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from appraisal.ballot_form import Question, Text
from appraisal.manifest import Manifest


def listed(parts: Iterable[Text]) -> Text:
    """Parts of one sentence."""
    found = list(parts)
    return Text("；".join(part.zh for part in found), "; ".join(part.en for part in found))


def joined(sentences: Iterable[Text]) -> Text:
    """Sentences one after the other."""
    found = list(sentences)
    return Text("".join(one.zh for one in found), " ".join(one.en for one in found))


def sentence(text: Text) -> Text:
    """A whole sentence, with its end mark."""
    return Text(f"{text.zh}。", f"{text.en[:1].upper()}{text.en[1:]}.")


def questions_of(manifest: Manifest) -> Iterator[Question]:
    """Every question of every ballot form."""
    for instrument in manifest.instruments:
        yield from instrument.questions
