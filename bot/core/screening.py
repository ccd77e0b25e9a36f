"""Danger in a question: looked for before anything is looked up, on every way in.

Two nets. The phrases of `urgent.yaml` and `advice.yaml` say in a moderator's words what danger
sounds like; the listener, fitted on examples, hears what no phrase foresaw. A phrase that matches
raises the alarm unless the examples say clearly that the message is harmless; a `certain` one
always does.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.faq import Harm
from bot.core.listening import Heard, Listener, features
from bot.core.phrases import Phrase, PhraseError, PhraseIndex, Said, head, parse, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.faq import Calibration, Rule, Screening
    from bot.core.features import Floats, Ints
    from bot.core.lexicon import Lexicon, Reading
    from bot.core.phrases import Stems

_SHORT_MESSAGE: Final = 14
"""Words up to which an `unless` or `harmless` speaks for the whole message."""
_GRAVEST_FIRST: Final = {harm: rank for rank, harm in enumerate(Harm)}
_PLAIN_IN_HALF: Final = 0.8
"""How likely the danger is that is believed in half a sentence without a phrase: "i have" begins
many harmless ones."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that a question sets off."""

    rule: Rule
    words: str
    """The words that match a phrase of the rule; empty if the examples alone tell of it."""
    likely: float
    """How likely the examples make this kind of harm, 0 to 1."""

    @property
    def is_danger(self) -> bool:
        """Whether it tells of an emergency or a crisis, and not of a wish for advice."""
        return self.rule.harm is not Harm.ADVICE

    @property
    def is_plain(self) -> bool:
        """Whether half a sentence that is still being typed is enough to believe it."""
        return bool(self.words) or self.likely >= _PLAIN_IN_HALF


@dataclass(frozen=True, slots=True)
class _Armed:
    rule: Rule
    phrases: tuple[Phrase, ...]
    certain: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    harmless: tuple[Phrase, ...]
    about: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class _Matched:
    rule: Rule
    words: str
    certain: bool


class Screener:
    """Looks for danger in a reading."""

    def __init__(
        self,
        screening: Screening,
        lexicon: Lexicon,
        calibration: Calibration,
        listener: Listener,
    ) -> None:
        """Read every phrase.

        Raises:
            PhraseError: if one cannot be read; its `place` says where it stands.

        """
        self._lexicon = lexicon
        self._calibration = calibration
        self._listener = listener
        self._lists: dict[str, tuple[Stems, ...]] = {}
        for name, phrases in screening.lists.items():
            self._lists[name] = tuple(self._flat(name, phrases))
        armed = [self._armed(number, rule) for number, rule in enumerate(screening.rules)]
        self._rules = tuple(sorted(armed, key=lambda a: _GRAVEST_FIRST[a.rule.harm]))
        # Looked for in one pass: a rule's `certain` by its number behind those of all rules.
        self._phrases = _indexed(
            [
                *(armed.phrases for armed in self._rules),
                *(armed.certain for armed in self._rules),
            ]
        )
        self._unless = _indexed([armed.unless for armed in self._rules])
        self._harmless = _indexed([armed.unless + armed.harmless for armed in self._rules])
        self._marks = _Marks(self._lists)

    def _flat(self, name: str, phrases: tuple[str, ...]) -> Iterator[Stems]:
        for number, phrase in enumerate(phrases):
            if not phrase.startswith("{"):
                yield self._stem(phrase)
                continue
            inner = phrase[1:-1].strip()
            if inner not in self._lists:
                raise PhraseError(
                    f"there is no list `{inner}` above this one",
                    "write the other list first, or correct the name",
                    ("lists", name, number),
                )
            yield from self._lists[inner]

    def _armed(self, number: int, rule: Rule) -> _Armed:
        read = {
            part: self._parsed(texts, ("rules", number, part))
            for part, texts in (
                ("phrases", rule.phrases),
                ("certain", rule.certain),
                ("unless", rule.unless),
                ("harmless", rule.harmless),
                ("about", rule.about),
            )
        }
        return _Armed(rule, **read)

    def _parsed(self, texts: Sequence[str], place: tuple[str | int, ...]) -> tuple[Phrase, ...]:
        parsed: list[Phrase] = []
        for number, text in enumerate(texts):
            try:
                parsed.append(parse(text, self._lists, self._stem))
            except PhraseError as error:
                error.place = (*place, number)
                raise
        return tuple(parsed)

    def _stem(self, text: str) -> Stems:
        return self._lexicon.stems_of(text)

    @property
    def listener(self) -> Listener:
        """What hears the danger that no phrase foresaw."""
        return self._listener

    def screen(self, question: str) -> tuple[Alarm, ...]:
        """Return every alarm that `question` sets off, the gravest first."""
        return self.screen_reading(self._lexicon.read(question))

    def screen_reading(self, reading: Reading) -> tuple[Alarm, ...]:
        """Return the same as `screen` for a question that was read already."""
        said = Said(reading.stems)
        matched = self._matched(reading, said)
        heard = self._heard(reading, said, [one.rule.id for one in matched])
        alarms = [
            Alarm(one.rule, one.words, _likely(heard, one.rule.harm))
            for one in matched
            if one.certain or self._stands(one.rule.harm, heard)
        ]
        sounded = {alarm.rule.harm for alarm in alarms}
        more = [harm for harm in Harm if harm not in sounded and self._is_heard(harm, heard)]
        # Few messages are heard without a phrase: only for those it matters what rules that out.
        quieted = self._quieted(reading, said) if more else ()
        for harm in more:
            if harm not in quieted:
                rule = self._rule_for(harm, said)
                if rule is not None:
                    alarms.append(Alarm(rule, "", _likely(heard, harm)))
        return tuple(sorted(alarms, key=lambda alarm: _GRAVEST_FIRST[alarm.rule.harm]))

    def read(self, text: str) -> Reading:
        """Return `text` as the listener reads it."""
        return self._lexicon.read(text)

    def row(self, text: str) -> tuple[tuple[Ints, Floats], list[str]]:
        """Return what the listener learns from `text`, and the ids of the rules that match."""
        reading = self._lexicon.read(text)
        said = Said(reading.stems)
        rules = [one.rule.id for one in self._matched(reading, said)]
        return features(reading, self._marks.names(said), rules), rules

    def hear(self, text: str) -> tuple[Heard, list[str]]:
        """Return what the listener makes of `text`, and the ids of the rules that match."""
        row, rules = self.row(text)
        return self._listener.hear(*row, self.read(text)), rules

    def _matched(self, reading: Reading, said: Said) -> list[_Matched]:
        found = self._phrases.find(said)
        rules = len(self._rules)
        certain = {n - rules: place for n, place in found.items() if n >= rules}
        matched = {n: place for n, place in found.items() if n < rules}
        silenced = self._unless.find(said) if matched else {}
        places = {n: place for n, place in matched.items() if n not in silenced} | certain
        return [
            _Matched(
                self._rules[number].rule, " ".join(reading.words[start:end]), number in certain
            )
            for number, (start, end) in sorted(places.items())
        ]

    def _quieted(self, reading: Reading, said: Said) -> set[Harm]:
        """Return the harms that a short message rules out by its `unless` or `harmless`."""
        if len(reading.words) > _SHORT_MESSAGE:
            return set()
        quieting = self._harmless.find(said)
        return {self._rules[number].rule.harm for number in quieting}

    def _heard(self, reading: Reading, said: Said, rules: Sequence[str]) -> Heard:
        row = features(reading, self._marks.names(said), rules)
        return self._listener.hear(*row, reading)

    def _stands(self, harm: Harm, heard: Heard) -> bool:
        if not self._listener.has_learned:
            return True
        if harm is Harm.ADVICE:
            return heard.advice + heard.danger >= self._calibration.advice_with_phrase
        return heard.danger >= self._calibration.danger_with_phrase

    def _is_heard(self, harm: Harm, heard: Heard) -> bool:
        if harm is Harm.ADVICE:
            return heard.advice >= self._calibration.advice_at
        # Crisis and emergency are told apart by the likelier; together they raise the alarm.
        graver = heard.crisis if harm is Harm.CRISIS else heard.urgent
        return heard.danger >= self._calibration.danger_at and graver * 2 >= heard.danger

    def _rule_for(self, harm: Harm, said: Said) -> Rule | None:
        """Return the rule whose reply fits: one that the message is about, or the last one."""
        own = [armed for armed in self._rules if armed.rule.harm is harm]
        fitting = (a for a in own if _place(a.about, said) is not None)
        found = next(fitting, own[-1] if own else None)
        return found.rule if found else None


class _Marks:
    """Which of the named lists stand in a message."""

    def __init__(self, lists: dict[str, tuple[Stems, ...]]) -> None:
        names: dict[Stems, list[str]] = defaultdict(list)
        for name, runs in lists.items():
            for run in dict.fromkeys(runs):
                names[run].append(name)
        self._by_head: dict[Stems, list[tuple[Stems, list[str]]]] = defaultdict(list)
        for run, owners in names.items():
            if run:
                self._by_head[head(run)].append((run, owners))
        self._heads = frozenset(self._by_head)

    def names(self, said: Said) -> list[str]:
        found: set[str] = set()
        for first in said.heads & self._heads:
            for run, owners in self._by_head[first]:
                if said.has(run):
                    found.update(owners)
        return sorted(found)


def _indexed(groups: Sequence[Sequence[Phrase]]) -> PhraseIndex:
    return PhraseIndex(
        (phrase, number) for number, phrases in enumerate(groups) for phrase in phrases
    )


def _place(phrases: Sequence[Phrase], said: Said) -> tuple[int, int] | None:
    for phrase in phrases:
        place = phrase.find(said)
        if place is not None:
            return place
    return None


def _likely(heard: Heard, harm: Harm) -> float:
    return {Harm.CRISIS: heard.crisis, Harm.URGENT: heard.urgent, Harm.ADVICE: heard.advice}[harm]


def spoken(screening: Screening) -> Iterator[str]:
    """Yield every text of the screening whose words the bot must know, to repair towards them."""
    for phrases in screening.lists.values():
        yield from (phrase for phrase in phrases if not phrase.startswith("{"))
    for rule in screening.rules:
        yield from map(vocabulary, (*rule.phrases, *rule.certain, *rule.unless, *rule.harmless))
        yield from rule.matches
