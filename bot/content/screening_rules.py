"""What must hold of the screening: its phrases can be read, its rules have their reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.content.problems import Problem, shown
from bot.core.faq import Faq, Harm, Rule
from bot.core.phrases import PhraseError, parse
from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.content.parts import Whole
    from bot.content.yamlread import Path


def rules_in_files(faq: Faq) -> Iterator[tuple[str, int, Rule]]:
    """Yield each screening rule of a sound FAQ with its file and its place there."""
    before = sum(rule.harm is not Harm.ADVICE for rule in faq.screening.rules)
    for number, rule in enumerate(faq.screening.rules):
        if rule.harm is Harm.ADVICE:
            yield "advice.yaml", number - before, rule
        else:
            yield "urgent.yaml", number, rule


def phrases_can_be_read(whole: Whole) -> Iterator[Problem]:
    """Tell of each phrase that cannot be read, and of each list it names that is not there."""
    lists: dict[str, list[tuple[str, ...]]] = {}
    for file, name, phrases in whole.parts.lists_of_words():
        if name in lists:
            what = f"there is another list `{shown(name)}`"
            yield whole.at(file, ("lists", name), what, "give each list a name of its own")
        lists[name] = []
        for number, phrase in enumerate(phrases):
            inner = phrase[1:-1].strip()
            if not phrase.startswith("{"):
                lists[name].append(tuple(words(phrase)))
            elif inner in lists:
                lists[name] += lists[inner]
            elif whole.parts.knows_shared_lists:
                what = f"there is no list `{shown(inner)}` above this one"
                instead = "write the other list first, or correct the name"
                yield whole.at(file, ("lists", name, number), what, instead)
    # The lists of one file may be used in all: with one unread, which are there is not known.
    for file, number, rule in whole.parts.rules() if whole.parts.knows_shared_lists else ():
        for part in ("phrases", "certain", "unless", "harmless", "about"):
            texts: tuple[str, ...] = getattr(rule, part)
            for place, text in enumerate(texts):
                try:
                    parse(text, lists, lambda piece: tuple(words(piece)))
                except PhraseError as error:
                    path: Path = ("rules", number, part, place)
                    yield whole.at(file, path, error.what, error.instead)


def rules_have_their_reply(whole: Whole) -> Iterator[Problem]:
    """Tell of each rule in the wrong file, without the reply it needs, or with one too many."""
    for file, number, rule in whole.parts.rules():
        if (rule.harm is Harm.ADVICE) != (file == "advice.yaml"):
            what = f"the rule `{rule.id}` ({rule.harm}) stands in the wrong file"
            instead = "crisis and urgent stand in urgent.yaml, advice in advice.yaml"
            yield whole.at(file, ("rules", number), what, instead)
        elif (rule.reply is None) != (rule.harm is Harm.ADVICE):
            missing = rule.reply is None
            what = f"the rule `{rule.id}` has {'no reply' if missing else 'a reply of its own'}"
            instead = "write `reply:` for crisis and urgent, none for advice (see wording.yaml)"
            yield whole.at(file, ("rules", number), what, instead)
