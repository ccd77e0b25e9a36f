"""What must hold between files: who owns a wording, which sources exist, what fits a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.content.problems import Problem, Severity
from bot.core.faq import Entry, Faq, FixedText, Harm, Rule, room_for_answer
from bot.core.phrases import PhraseError, parse
from bot.core.text import plain, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.content.yamlread import Path, Tree

REVIEW_AFTER: Final = timedelta(days=365)
_SHORT_LIMIT: Final = 420
_PINGS = re.compile(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", re.IGNORECASE)
_INVITES = re.compile(r"discord(?:\.gg|(?:app)?\.com/invite)/|(?:^|\s)dsc\.gg/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Folder:
    faq: Faq
    source_ids: Sequence[str]
    trees: Mapping[str, Tree]
    today: date
    complete: bool

    def at(self, entry: Entry, path: Path, what: str, instead: str) -> Problem:
        file = file_of(entry)
        return Problem(file, self.trees[file].line(path), what, instead)

    def in_file(self, file: str, path: Path, what: str, instead: str) -> Problem:
        return Problem(file, self.trees[file].line(path), what, instead)


def file_of(entry: Entry) -> str:
    """Return where an entry stands, relative to the FAQ's folder."""
    return f"entries/{entry.topic}/{entry.id}.md"


def problems_of(
    faq: Faq,
    source_ids: Sequence[str],
    trees: Mapping[str, Tree],
    today: date,
    *,
    complete: bool,
    phrases: bool,
) -> list[Problem]:
    """Return every problem between the parts of `faq`.

    `complete` is False if some file could not be read: then nothing is said of what is unused
    or missing, since the unread file may hold it. `phrases` says whether the phrases of the
    screening are read too; building an engine reads them anyhow.
    """
    folder = _Folder(faq, source_ids, trees, today, complete)
    rules = (*_RULES, _phrases_can_be_read) if phrases else _RULES
    return [problem for rule in rules for problem in rule(folder)]


def _ids_are_unique(folder: _Folder) -> Iterator[Problem]:
    seen: dict[str, Entry] = {}
    for entry in folder.faq.entries:
        first = seen.setdefault(entry.id, entry)
        if first is not entry:
            what = f"`{entry.id}` is also the name of {file_of(first)}"
            yield folder.at(entry, (), what, "rename this file; ids never change their meaning")
    for number, source in enumerate(folder.source_ids):
        if source in folder.source_ids[:number]:
            what = f"the source `{source}` stands here a second time"
            yield folder.in_file("sources.yaml", ("sources", number), what, "keep one of the two")


def _sources_have_an_address(folder: _Folder) -> Iterator[Problem]:
    for number, source_id in enumerate(folder.source_ids):
        source = folder.faq.sources[source_id]
        place = ("sources", number)
        if source.doi is None and source.url is None:
            what = f"the source `{source_id}` has neither a DOI nor an address"
            yield folder.in_file("sources.yaml", place, what, "add `doi:` or `url:`")
        if source.kind not in folder.faq.wording.source_kinds:
            known = ", ".join(folder.faq.wording.source_kinds)
            what = f"`{source.kind}` is not a kind of source"
            yield folder.in_file("sources.yaml", (*place, "kind"), what, f"write one of: {known}")


def _references_exist(folder: _Folder) -> Iterator[Problem]:
    ids = {entry.id for entry in folder.faq.entries}
    for entry in folder.faq.entries:
        if entry.evidence not in folder.faq.wording.evidence:
            known = ", ".join(folder.faq.wording.evidence)
            what = f"`{entry.evidence}` is not an evidence label"
            yield folder.at(entry, ("evidence",), what, f"write one of: {known}")
        for number, source in enumerate(entry.sources):
            if source not in folder.faq.sources:
                what = f"there is no source `{source}`"
                instead = "add it to sources.yaml, or correct the id"
                yield folder.at(entry, ("sources", number), what, instead)
        for number, claim in enumerate(entry.claims):
            if claim not in folder.faq.claims:
                what = f"there is no claim `{claim}`"
                yield folder.at(entry, ("claims", number), what, "see claims.yaml for the list")
        yield from _related(folder, entry, ids)


def _related(folder: _Folder, entry: Entry, ids: set[str]) -> Iterator[Problem]:
    for number, related in enumerate(entry.related):
        if related == entry.id:
            what = "the entry names itself as related"
            yield folder.at(entry, ("related", number), what, "name another entry, or none")
        elif related not in ids and folder.complete:
            what = f"there is no entry `{related}`"
            instead = "correct the id, or remove it"
            yield folder.at(entry, ("related", number), what, instead)


def _sources_are_used(folder: _Folder) -> Iterator[Problem]:
    used = {source for entry in folder.faq.entries for source in entry.sources}
    used |= {source for _, _, text in fixed_texts(folder.faq) for source in text.sources}
    for number, source in enumerate(folder.source_ids):
        if folder.complete and source not in used:
            what = f"no entry uses the source `{source}`"
            instead = "remove it, or name it in the entry that rests on it"
            yield folder.in_file("sources.yaml", ("sources", number), what, instead)


def _claims_are_answered(folder: _Folder) -> Iterator[Problem]:
    answered = {claim for entry in folder.faq.entries for claim in entry.claims}
    for claim in folder.faq.claims:
        if folder.complete and claim not in answered:
            what = f"no entry answers the claim `{claim}`"
            instead = "name it under `claims:` of the entry that does"
            yield folder.in_file("claims.yaml", ("claims", claim), what, instead)


def _wordings_have_one_owner(folder: _Folder) -> Iterator[Problem]:
    owners: dict[str, tuple[Entry, int]] = {}
    for entry in folder.faq.entries:
        for number, wording in enumerate(entry.wordings()):
            path: Path = ("question",) if number == 0 else ("also_asked", number - 1)
            owner, first = owners.setdefault(plain(wording), (entry, number))
            if owner is not entry:
                what = f"“{wording}” already asks for {file_of(owner)}"
                yield folder.at(entry, path, what, "keep it in the entry that answers it best")
            elif first != number:
                what = f"“{wording}” stands twice in this entry"
                yield folder.at(entry, path, what, "remove one of the two")


def _dates_are_past(folder: _Folder) -> Iterator[Problem]:
    for entry in folder.faq.entries:
        if entry.reviewed > folder.today:
            what = f"`reviewed` is in the future ({entry.reviewed})"
            yield folder.at(entry, ("reviewed",), what, "write the day of the last review")
        elif folder.today - entry.reviewed > REVIEW_AFTER:
            what = f"the last review ({entry.reviewed}) is more than 12 months ago"
            told = folder.at(
                entry, ("reviewed",), what, "check the answer against newer evidence, then date it"
            )
            yield Problem(told.file, told.line, told.what, told.instead, Severity.WARNING)
    for file, path, text in fixed_texts(folder.faq):
        if text.reviewed > folder.today:
            what = f"`reviewed` is in the future ({text.reviewed})"
            instead = "write the day of the last review"
            yield folder.in_file(file, (*path, "reviewed"), what, instead)


def _answers_fit(folder: _Folder) -> Iterator[Problem]:
    wording = folder.faq.wording
    for entry in folder.faq.entries:
        sources = [folder.faq.sources[s] for s in entry.sources if s in folder.faq.sources]
        evidence = wording.evidence.get(entry.evidence, "")
        room = room_for_answer(sources, wording.disclaimer, evidence, entry.question)
        if len(entry.answer) > room:
            what = f"the answer is {len(entry.answer) - room} characters too long for one message"
            yield folder.at(entry, ("answer",), what, f"shorten it to {room} characters")
        if len(entry.short) > _SHORT_LIMIT:
            what = f"the first paragraph has {len(entry.short)} characters"
            instead = f"begin with one or two plain sentences, {_SHORT_LIMIT} characters at most"
            yield folder.at(entry, ("answer",), what, instead)


def _answers_call_nobody(folder: _Folder) -> Iterator[Problem]:
    for entry in folder.faq.entries:
        first = folder.trees[file_of(entry)].line(("answer",))
        for number, line in enumerate(entry.answer.split("\n")):
            for pattern, what in ((_PINGS, "a mention"), (_INVITES, "a server invite")):
                if pattern.search(line):
                    instead = "remove it; an answer calls nobody and leads to no server"
                    yield Problem(
                        file_of(entry), first + number, f"this line holds {what}", instead
                    )


def _fixed_texts_hold(folder: _Folder) -> Iterator[Problem]:
    ids = {entry.id for entry in folder.faq.entries}
    for file, path, text in fixed_texts(folder.faq):
        if text.evidence not in folder.faq.wording.evidence:
            known = ", ".join(folder.faq.wording.evidence)
            what = f"`{text.evidence}` is not an evidence label"
            yield folder.in_file(file, (*path, "evidence"), what, f"write one of: {known}")
        for number, source in enumerate(text.sources):
            if source not in folder.faq.sources:
                what = f"there is no source `{source}`"
                instead = "add it to sources.yaml, or correct the id"
                yield folder.in_file(file, (*path, "sources", number), what, instead)
        for number, entry in enumerate(text.offer):
            if entry not in ids and folder.complete:
                what = f"there is no entry `{entry}`"
                instead = "correct the id, or remove it"
                yield folder.in_file(file, (*path, "offer", number), what, instead)


def _synonyms_have_one_meaning(folder: _Folder) -> Iterator[Problem]:
    for part in ("same_meaning", "other_subjects"):
        groups: Mapping[str, tuple[str, ...]] = getattr(folder.faq.words, part)
        owners: dict[str, str] = {}
        for name, phrases in groups.items():
            for number, phrase in enumerate(phrases):
                owner = owners.setdefault(plain(phrase), name)
                if owner != name:
                    what = f"“{phrase}” stands under `{owner}` and under `{name}`"
                    path = (part, name, number)
                    yield folder.in_file("words.yaml", path, what, "keep it under one of the two")


def _phrases_can_be_read(folder: _Folder) -> Iterator[Problem]:
    lists: dict[str, list[tuple[str, ...]]] = {}
    for name, phrases in folder.faq.screening.lists.items():
        file = "advice.yaml" if name in _listed(folder, "advice.yaml") else "urgent.yaml"
        lists[name] = []
        for number, phrase in enumerate(phrases):
            inner = phrase.strip("{}").strip()
            if not phrase.startswith("{"):
                lists[name].append(tuple(words(phrase)))
            elif inner in lists:
                lists[name] += lists[inner]
            else:
                what = f"there is no list `{inner}` above this one"
                instead = "write the other list first, or correct the name"
                yield folder.in_file(file, ("lists", name, number), what, instead)
    for file, number, rule in rules_in_files(folder.faq):
        for part in ("phrases", "unless", "about"):
            texts: tuple[str, ...] = getattr(rule, part)
            for place, text in enumerate(texts):
                try:
                    parse(text, lists, lambda piece: tuple(words(piece)))
                except PhraseError as error:
                    path: Path = ("rules", number, part, place)
                    yield folder.in_file(file, path, error.what, error.instead)


def _listed(folder: _Folder, file: str) -> Mapping[str, object]:
    tree = folder.trees[file].value
    lists = tree.get("lists") if isinstance(tree, dict) else None
    return lists if isinstance(lists, dict) else {}


def _rules_have_their_reply(folder: _Folder) -> Iterator[Problem]:
    for file, number, rule in rules_in_files(folder.faq):
        if (rule.harm is Harm.ADVICE) != (file == "advice.yaml"):
            what = f"the rule `{rule.id}` ({rule.harm}) stands in the wrong file"
            instead = "crisis and urgent stand in urgent.yaml, advice in advice.yaml"
            yield folder.in_file(file, ("rules", number), what, instead)
        elif (rule.reply is None) != (rule.harm is Harm.ADVICE):
            missing = rule.reply is None
            what = f"the rule `{rule.id}` has {'no reply' if missing else 'a reply of its own'}"
            instead = "write `reply:` for crisis and urgent, none for advice (see wording.yaml)"
            yield folder.in_file(file, ("rules", number), what, instead)


def rules_in_files(faq: Faq) -> Iterator[tuple[str, int, Rule]]:
    """Yield each screening rule with its file and its place there."""
    advice = 0
    for number, rule in enumerate(faq.screening.rules):
        if rule.reply is None and rule.harm is Harm.ADVICE:
            yield "advice.yaml", advice, rule
            advice += 1
        else:
            yield "urgent.yaml", number, rule


def fixed_texts(faq: Faq) -> Iterator[tuple[str, Path, FixedText]]:
    """Yield each reply that is no entry, with its file and its place in it."""
    for name in ("choices", "declined", "guarded"):
        yield "wording.yaml", (name,), getattr(faq.wording, name)
    for number, rule in enumerate(faq.screening.rules):
        if rule.reply is not None:
            yield "urgent.yaml", ("rules", number, "reply"), rule.reply


_RULES: Final[tuple[Callable[[_Folder], Iterator[Problem]], ...]] = (
    _ids_are_unique,
    _sources_have_an_address,
    _references_exist,
    _sources_are_used,
    _claims_are_answered,
    _wordings_have_one_owner,
    _dates_are_past,
    _answers_fit,
    _answers_call_nobody,
    _fixed_texts_hold,
    _synonyms_have_one_meaning,
    _rules_have_their_reply,
)
