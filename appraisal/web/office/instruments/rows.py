"""Rows of a ballot form that come, go and move; its limits follow the options that they are of."""

from __future__ import annotations

from typing import Any, Final

from appraisal.web.office.instruments.form import InstrumentForm, OptionForm

Row = dict[str, Any]
NEW_QUESTION: Final[Row] = {"kind": "grades", "text": "", "required": True, "options": [{}, {}, {}]}


def with_rows(form: InstrumentForm, do: str) -> dict[str, Any]:
    """What the form holds after a button such as ``up-option:0-2`` was pressed."""
    data: dict[str, Any] = dict(form.data)
    what, _, place = do.partition(":")
    numbers = [int(part) for part in place.split("-") if part.isdecimal()]
    questions: list[Row] = data["questions"]
    _mark(form, questions)
    match what.split("-"):
        case ["more", "questions"]:
            questions.append(_another(questions))
        case ["more", "limits"]:
            data["limits"].append({"least": 0})
        case ["more", "options"] if _has(questions, numbers):
            questions[numbers[0]]["options"].append({})
        case [move, "question"] if _has(questions, numbers):
            _moved(questions, numbers[0], move)
        case [move, "option"] if len(numbers) == 2 and _has(questions, numbers):
            rows = questions[numbers[0]]["options"]
            if _has(rows, numbers[1:]):
                _moved(rows, numbers[1], move)
        case ["drop", "limit"] if _has(data["limits"], numbers):
            del data["limits"][numbers[0]]
        case _:
            pass
    data["limits"] = _followed(data["limits"], questions)
    return data


def _has(rows: list[Row], numbers: list[int]) -> bool:
    return bool(numbers) and numbers[0] < len(rows)


def _moved(rows: list[Row], number: int, move: str) -> None:
    row = rows.pop(number)
    match move:
        case "up":
            rows.insert(max(number - 1, 0), row)
        case "down":
            rows.insert(number + 1, row)
        case _:
            pass


def _another(questions: list[Row]) -> Row:
    """A further question, answered like the last one."""
    if not questions:
        return dict(NEW_QUESTION)
    last = questions[-1]
    options = [{k: v for k, v in option.items() if k != "was"} for option in last["options"]]
    return {
        **last,
        "was": None,
        "text": "",
        "text_en": "",
        "note": "",
        "note_en": "",
        "options": options,
    }


def _mark(form: InstrumentForm, questions: list[Row]) -> None:
    """Note with each option how limits name it now."""
    for number, (entry, row) in enumerate(zip(form.questions.entries, questions, strict=True)):
        place = 0
        for option, data in zip(entry.form.options.entries, row["options"], strict=True):
            typed: OptionForm = option.form
            if not typed.blank:
                data["was"] = f"{number}-{place}"
                place += 1


def _followed(limits: list[Row], questions: list[Row]) -> list[Row]:
    """The limits by the present places of their options; one whose option is gone goes too."""
    now: dict[str, str] = {}
    for number, row in enumerate(questions):
        used = [option for option in row["options"] if option.get("was")]
        now |= {option["was"]: f"{number}-{place}" for place, option in enumerate(used)}
    gone = [limit for limit in limits if limit.get("option") and limit["option"] not in now]
    return [
        {**limit, "option": now.get(str(limit.get("option")), "")}
        for limit in limits
        if limit not in gone
    ]
