"""What must hold between files: who owns a wording, which sources exist, what fits a message."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from bot.content.parts import Parts, Whole, file_of, plain
from bot.content.problems import Problem, Severity, shown
from bot.content.screening_rules import phrases_can_be_read, rules_have_their_reply
from bot.core.faq import BUTTON_LIMIT, Entry
from bot.core.feedback import DAYS_KEPT
from bot.core.help_lines import names
from bot.core.room import TOPIC_LIMIT, room_for_answer, room_in_list
from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.content.yamlread import Path, Tree

REVIEW_AFTER: Final = timedelta(days=365)
_SHORT_LIMIT: Final = 420
_PINGS = re.compile(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", re.IGNORECASE)
_INVITES = re.compile(r"discord(?:\.gg|(?:app)?\.com/invite)/|\bdsc\.gg/", re.IGNORECASE)


def problems_of(
    parts: Parts, trees: Mapping[str, Tree], today: date, *, complete: bool, phrases: bool
) -> list[Problem]:
    """Return every problem between the parts of a FAQ.

    `complete` is False if a text could not be read: then nothing is said of what is unused,
    since the unread text may use it. `phrases` says whether the phrases of the
    screening are read too; building an engine reads them anyhow.
    """
    whole = Whole(parts, trees, today, complete)
    rules = (*_RULES, phrases_can_be_read) if phrases else _RULES
    return [problem for rule in rules for problem in rule(whole)]


def _ids_are_unique(whole: Whole) -> Iterator[Problem]:
    seen: dict[str, Entry] = {}
    for entry in whole.parts.entries:
        first = seen.setdefault(entry.id, entry)
        if first is not entry:
            what = f"`{entry.id}` is also the name of {file_of(first)}"
            instead = "rename this file; ids never change their meaning"
            yield Problem(file_of(entry), 1, what, instead)
    sources = [source.id for source in whole.parts.sources or ()]
    for number in _repeated(sources):
        what = f"the source `{sources[number]}` stands here a second time"
        yield whole.at("sources.yaml", ("sources", number), what, "keep one of the two")
    rules = list(whole.parts.rules())
    for place in _repeated([rule.id for _, _, rule in rules]):
        file, number, rule = rules[place]
        what = f"there is another rule `{rule.id}`"
        yield whole.at(file, ("rules", number), what, "give each rule a name of its own")


def _repeated(names: Sequence[str]) -> list[int]:
    first: dict[str, int] = {}
    return [number for number, name in enumerate(names) if first.setdefault(name, number) < number]


def _sources_have_an_address(whole: Whole) -> Iterator[Problem]:
    for number, source in enumerate(whole.parts.sources or ()):
        place: Path = ("sources", number)
        if source.doi is None and source.url is None:
            what = f"the source `{source.id}` has neither a DOI nor an address"
            yield whole.at("sources.yaml", place, what, "add `doi:` or `url:`")
        wording = whole.parts.wording
        if wording is not None and source.kind not in wording.source_kinds:
            what = f"`{source.kind}` is not a kind of source"
            instead = _one_of(wording.source_kinds)
            yield whole.at("sources.yaml", (*place, "kind"), what, instead)
        elif wording is not None:
            room = room_in_list(source, wording.source_kinds[source.kind])
            if room < 0:
                what = f"the source `{source.id}` is {-room:,} characters too long for a list"
                yield whole.at("sources.yaml", place, what, "shorten its title or its address")


def _one_of(names: Iterable[str]) -> str:
    return f"write one of: {', '.join(map(shown, names))}"


def _evidence_exists(whole: Whole) -> Iterator[Problem]:
    wording = whole.parts.wording
    for reply in whole.replies():
        if wording is not None and reply.of.evidence not in wording.evidence:
            what = f"`{reply.of.evidence}` is not an evidence label"
            yield whole.in_reply(reply, ("evidence",), what, _one_of(wording.evidence))


def _sources_exist(whole: Whole) -> Iterator[Problem]:
    if whole.parts.sources is None:
        return
    known = {source.id for source in whole.parts.sources}
    for reply in whole.replies():
        for number, source in enumerate(reply.of.sources):
            if source not in known:
                what = f"there is no source `{source}`"
                instead = "add it to sources.yaml, or correct the id"
                yield whole.in_reply(reply, ("sources", number), what, instead)


def _claims_exist(whole: Whole) -> Iterator[Problem]:
    if whole.parts.claims is None:
        return
    for entry in whole.parts.entries:
        for number, claim in enumerate(entry.claims):
            if claim not in whole.parts.claims:
                what = f"there is no claim `{claim}`"
                instead = "correct it; claims.yaml has the list"
                yield whole.at(file_of(entry), ("claims", number), what, instead)


def _named_entries_exist(whole: Whole) -> Iterator[Problem]:
    for reply in whole.replies():
        name, others = reply.others
        for number, other in enumerate(others):
            if isinstance(reply.of, Entry) and other == reply.of.id:
                what, instead = "the entry names itself as related", "name another entry, or none"
            elif other not in whole.parts.ids:
                what, instead = f"there is no entry `{other}`", "correct the id, or remove it"
            elif other in others[:number]:
                what, instead = f"`{other}` stands here a second time", "keep one of the two"
            else:
                continue
            yield whole.in_reply(reply, (name, number), what, instead)


def _topics_have_names(whole: Whole) -> Iterator[Problem]:
    talk = whole.parts.talk
    if talk is None:
        return
    counts = Counter(entry.topic for entry in whole.parts.entries)
    topics = {entry.topic: entry for entry in reversed(whole.parts.entries)}
    for topic, entry in topics.items():
        if counts[topic] > TOPIC_LIMIT:
            what = f"the folder `{topic}` holds {counts[topic]} entries, its menus {TOPIC_LIMIT}"
            yield Problem(file_of(entry), 1, what, "divide it into two folders")
        if topic not in talk.topics:
            what = f"the folder `{topic}` has no name for members"
            instead = "add it under `topics:` in discord.yaml, like ahsct: Transplantation"
            yield Problem(file_of(entry), 1, what, instead)
    for topic in talk.topics:
        if whole.complete and topic not in topics:
            what = f"no entry stands in a folder `{shown(topic)}`"
            yield whole.at("discord.yaml", ("topics", topic), what, "correct it, or remove it")
    for number, starter in enumerate(talk.starters):
        if starter not in whole.parts.ids:
            what, instead = f"there is no entry `{starter}`", "correct the id, or remove it"
            yield whole.at("discord.yaml", ("starters", number), what, instead)


def _sources_are_used(whole: Whole) -> Iterator[Problem]:
    used = {source for reply in whole.replies() for source in reply.of.sources}
    for number, source in enumerate(whole.parts.sources or ()):
        if whole.complete and source.id not in used:
            what = f"no entry uses the source `{source.id}`"
            instead = "remove it, or name it in the entry that rests on it"
            yield whole.at("sources.yaml", ("sources", number), what, instead)


def _claims_are_answered(whole: Whole) -> Iterator[Problem]:
    answered = {claim for entry in whole.parts.entries for claim in entry.claims}
    for claim in whole.parts.claims or ():
        if whole.complete and claim not in answered:
            what = f"no entry answers the claim `{shown(claim)}`"
            instead = "name it under `claims:` of the entry that does"
            yield whole.at("claims.yaml", ("claims", claim), what, instead)


def _wordings_have_one_owner(whole: Whole) -> Iterator[Problem]:
    owners: dict[str, tuple[Entry, int]] = {}
    for entry in whole.parts.entries:
        for number, wording in enumerate(entry.wordings()):
            path: Path = ("question",) if number == 0 else ("also_asked", number - 1)
            owner, first = owners.setdefault(plain(wording), (entry, number))
            if owner is not entry:
                what = f"“{shown(wording)}” already asks for {file_of(owner)}"
                instead = "keep it in the entry that answers it best"
                yield whole.at(file_of(entry), path, what, instead)
            elif first != number:
                what = f"“{shown(wording)}” stands twice in this entry"
                yield whole.at(file_of(entry), path, what, "remove one of the two")


def _dates_are_past(whole: Whole) -> Iterator[Problem]:
    for reply in whole.replies():
        reviewed = reply.of.reviewed
        if reviewed > whole.today:
            what = f"`reviewed` is in the future ({reviewed})"
            instead = "write the day of the last review"
            yield whole.in_reply(reply, ("reviewed",), what, instead)
        elif whole.today - reviewed > REVIEW_AFTER:
            what = f"the last review ({reviewed}) is more than 12 months ago"
            instead = "check the text against newer evidence, then write the day you did"
            line = whole.trees[reply.file].line((*reply.path, "reviewed"))
            yield Problem(reply.file, line, what, instead, Severity.WARNING)


def _texts_fit(whole: Whole) -> Iterator[Problem]:
    wording = whole.parts.wording
    if wording is None or whole.parts.sources is None:
        return
    sources = {source.id: source for source in whole.parts.sources}
    for reply in whole.replies():
        named = [sources[source] for source in reply.of.sources if source in sources]
        evidence = wording.evidence.get(reply.of.evidence, "")
        room = room_for_answer(named, wording, evidence, reply.title) - reply.beside
        name, text = reply.text
        if len(text) > room:
            what = f"the {name} is {len(text) - room:,} characters too long for one message"
            instead = f"shorten it to {room:,} characters" if room > 0 else "name fewer sources"
            yield whole.in_reply(reply, (name,), what, instead)


def _questions_fit_a_button(whole: Whole) -> Iterator[Problem]:
    for entry in whole.parts.entries:
        if len(entry.question) > BUTTON_LIMIT:
            what = f"the question has {len(entry.question)} characters, a button {BUTTON_LIMIT}"
            instead = "ask it in fewer words; longer ones belong under `also_asked`"
            yield whole.at(file_of(entry), ("question",), what, instead)


def _answers_begin_short(whole: Whole) -> Iterator[Problem]:
    for entry in whole.parts.entries:
        if len(entry.short) > _SHORT_LIMIT:
            what = f"the first paragraph has {len(entry.short):,} characters"
            instead = f"begin with one or two plain sentences, {_SHORT_LIMIT} characters at most"
            yield whole.at(file_of(entry), ("answer",), what, instead)


def _texts_call_nobody(whole: Whole) -> Iterator[Problem]:
    for reply in whole.replies():
        name, text = reply.text
        first = whole.trees[reply.file].line((*reply.path, name))
        for number, line in enumerate(text.split("\n")):
            for pattern, what in ((_PINGS, "a mention"), (_INVITES, "a server invite")):
                if pattern.search(line):
                    # Only an answer's lines are those of the file; others may be folded.
                    place = first + number if name == "answer" else first
                    instead = "remove it; an answer calls nobody and leads to no server"
                    yield Problem(reply.file, place, f"the {name} holds {what} here", instead)


def _form_says_how_long(whole: Whole) -> Iterator[Problem]:
    talk = whole.parts.talk
    if talk is not None and f"{DAYS_KEPT} days" not in talk.sending.told:
        what = "the form does not say for how long a question is kept"
        instead = f"write that it is deleted after {DAYS_KEPT} days at the latest"
        yield whole.at("discord.yaml", ("sending", "told"), what, instead)


def _countries_have_help_lines(whole: Whole) -> Iterator[Problem]:
    talk = whole.parts.talk
    replies = [rule.reply.text for _, _, rule in whole.parts.rules() if rule.reply is not None]
    for code, name in talk.countries.items() if talk is not None else ():
        if whole.parts.urgent is not None and not any(names(text, name) for text in replies):
            what = f"no line of a list of help lines names “{shown(name)}”"
            instead = "write it as urgent.yaml does, in a line after a dash, or remove it"
            yield whole.at("discord.yaml", ("countries", code), what, instead)


def _synonyms_have_one_meaning(whole: Whole) -> Iterator[Problem]:
    for part in ("same_meaning", "other_subjects"):
        groups: Mapping[str, tuple[str, ...]] = getattr(whole.parts.words, part, {})
        owners: dict[str, str] = {}
        for name, phrases in groups.items():
            for number, phrase in enumerate(phrases):
                owner = owners.setdefault(plain(phrase), name)
                if owner != name:
                    both = f"under `{shown(owner)}` and under `{shown(name)}`"
                    what = f"“{shown(phrase)}” stands {both}"
                    path = (part, name, number)
                    yield whole.at("words.yaml", path, what, "keep it under one of the two")


def _words_are_known(whole: Whole) -> Iterator[Problem]:
    language = whole.parts.words
    if language is None:
        return
    for name, meaning in language.short_forms.items():
        if not words(meaning):
            what = f"the short form `{shown(name)}` stands for no words"
            instead = "write what it stands for, like cant: can not"
            yield whole.at("words.yaml", ("short_forms", name), what, instead)
    for number, subject in enumerate(language.subjects):
        if subject not in language.same_meaning:
            what = f"there is no group `{shown(subject)}` under `same_meaning`"
            instead = "add the group, or correct the name"
            yield whole.at("words.yaml", ("subjects", number), what, instead)


_RULES: Final[tuple[Callable[[Whole], Iterator[Problem]], ...]] = (
    _ids_are_unique,
    _sources_have_an_address,
    _evidence_exists,
    _sources_exist,
    _claims_exist,
    _named_entries_exist,
    _topics_have_names,
    _sources_are_used,
    _claims_are_answered,
    _wordings_have_one_owner,
    _dates_are_past,
    _texts_fit,
    _questions_fit_a_button,
    _answers_begin_short,
    _texts_call_nobody,
    _form_says_how_long,
    _countries_have_help_lines,
    _synonyms_have_one_meaning,
    _words_are_known,
    rules_have_their_reply,
)
