// The sentences about ballot forms, in English.

import type { formZh } from "./form.zh.ts";

export const formEn: Readonly<Record<keyof typeof formZh, string>> = {
  "subject.title": "{name} ({post})",
  "ballot.title": "{name}: {form}",
  "question.optional": " (optional)",
  "question.ticks-most": " (tick at most {n})",
  "score.pick": "Choose the points:",
  "score.chosen": "{n} points, {band}",
  "score.open": "No points are chosen in “{band}” yet. If you mean to give none, tap “{next}” again.",

  "beside.commitment": "Public commitment",
  "beside.notes": "For reference: {title}",

  "self.line": "If this is you, please do not appraise yourself:",
  "self.skip": "This is me, skip",
  "self.list": "If you are on this list, please do not appraise yourself: tap “This is me” in your row.",
  "self.choice": "If you are on this list, please do not choose yourself.",
  "self.row": "This is me",
  "self.row-name": "{name} is me, do not appraise",
  "row.clear": "Clear",
  "row.clear-name": "Clear: {name}",
  "list.organisation": "Organisations",
  "list.person": "People",
  "list.clear": "This clears everything on this page. If you mean it, tap “Clear this page” again.",

  "unit.organisation": "of the organisations",
  "unit.person": "of the people",
  "unit.any": "of the list",
  "limit.of": "{option}: ",
  "limit.exactly": "{of}Choose {most} {unit} · chosen: {n}",
  "limit.between": "{of}Choose {least} to {most} {unit} · chosen: {n}",
  "limit.at-most": "{of}At most {most} {unit} · chosen: {n}",
  "limit.at-least": "{of}At least {least} {unit} · chosen: {n}",
  "limit.full": "full",
  "limit.enough": "enough",
  "limit.missing": "{of}{n} {unit}",

  "full.choice": "All that may be chosen are chosen: {most} {unit}. To choose {name}, first tap one of them to take it back.",
  "full.grade": "“{option}” is for at most {most} {unit}, and so many have it. To give it to {name}, first change one of them.",
  "full.ticks": "{n} at most, and {n} are ticked. To change one, first take one of them back.",

  "want.questions": "Questions still blank: {n}. They count as no answer. If you mean to leave them, tap “{next}” again.",
  "want.rows": "Not finished: {n} ({names}). Blanks count as no answer; if you mean to leave them, tap “{next}” again.",
  "want.more-names": "{names} and others",
  "want.empty": "Nothing is filled in on this page: it counts as no answer. If you mean it, tap “{next}” again.",
  "want.empty-spoilt": "Nothing is filled in on this page. By the rules of this session an empty ballot is spoilt. If you mean it, tap “{next}” again.",
  "want.short": "Still missing: {what}. With too few the ballot is spoilt.",
  "want.or-none": " If you want to choose none, tap “Clear this page”: it counts as no answer.",

  "answer.none-chosen": "None chosen (no answer)",
  "answer.none-ticked": "None",
  "answer.not-chosen": "Not chosen",
  "answer.chosen": " ({n} chosen)",
  "answer.and": ", ",

  "review.empty-spoilt": "Ballots with nothing filled in: {names}. By the rules of this session an empty ballot is spoilt.",
  "review.empty-self": " The one about yourself, left blank, is such a ballot too; that is all right.",
  "review.short": "{name}: still missing: {what}. Like this the ballot is spoilt; please change it first.",
  "review.fix": "Change it",

  "landing.what-form": "Read the list and tap your answers. Leave anything blank if you like: it counts as no answer.",
  "landing.empty-spoilt": " A ballot with nothing filled in is spoilt.",
  "landing.told-on-the-spot": "The results are told on the spot, to those present, and not on the board.",
  "landing.told-branch": "The results are told within the organisation, and not on the board.",
  "landing.told-subject": "The results are not published: each subject is told its own alone, and voters cannot recount.",

  "comment.title": "Comments",
  "comment.lead": "Write something or nothing. Please write nothing by which you could be recognised.",
  "comment.readers": "After the opening comments are shuffled and shown to {readers} alone; they are never on the board.",
  "comment.label": "Comment (optional)",
  "comment.left": "Room for about {n} more letters.",
  "comment.over": "Too long: please take out about {n} letters.",
  "comment.none": "None",
};
