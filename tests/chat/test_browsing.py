"""Looking around: topics, sources, and the pages about the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.wire.callbacks import CallbackKind
from bot.sandbox.wire.components import StringSelect
from tests.chat.conftest import shipped_engine
from tests.chat.ways import title

if TYPE_CHECKING:
    from bot.sandbox import Channel, Message, Person
    from tests.chat.conftest import Bot

pytestmark = pytest.mark.usefixtures("bot")

PAGES = ("about", "privacy", "help")


def options(message: Message) -> list[list[tuple[str, str]]]:
    """Return what each menu holds: labels and values."""
    menus = [menu for menu in message.menus if isinstance(menu, StringSelect)]
    return [[(one.label, one.value) for one in menu.options] for menu in menus]


async def test_every_entry_can_be_reached_through_its_topic(general: Channel, anna: Person) -> None:
    faq = shipped_engine().faq
    topics = await anna.slash(general, "topics").answer()
    [named] = options(topics)
    assert [(value, label) for label, value in named] == list(faq.talk.topics.items())
    found: list[str] = []
    for label, topic in named:
        shown = await anna.choose(topics, label).answer()
        assert title(shown) == label
        here = [entry for menu in options(shown) for entry in menu]
        assert here == sorted(here)
        assert {value for _, value in here} == {e.id for e in faq.entries if e.topic == topic}
        found += [value for _, value in here]
    assert sorted(found) == sorted(entry.id for entry in faq.entries)


async def test_a_topic_of_more_than_25_entries_has_two_menus(
    general: Channel, anna: Person
) -> None:
    topics = await anna.slash(general, "topics").answer()
    shown = await anna.choose(topics, "ahsct").answer()
    first, second = options(shown)
    assert len(first) == 25
    assert second
    of = len(first) + len(second)
    menus = [menu for menu in shown.menus if isinstance(menu, StringSelect)]
    assert [menu.placeholder for menu in menus] == [
        f"Choose a question (1 to 25 of {of})",
        f"Choose a question (26 to {of} of {of})",
    ]
    for number, menu in enumerate((first, second)):
        label, value = menu[-1]
        answer = await anna.choose(shown, value, menu=number).answer()
        assert (title(answer), answer.only_for) == (label, anna.user)


async def test_in_direct_messages_topics_lead_to_answers_too(anna: Person) -> None:
    topics = await anna.slash(anna.inbox, "topics").answer()
    shown = await anna.choose(topics, "metformin").answer()
    answer = await anna.choose(shown, "what-is-metformin").answer()
    assert "Show everyone" not in [button.label for button in answer.buttons]
    assert not answer.is_ephemeral


async def test_the_sources_are_leafed_through_to_the_end_and_back(
    bot: Bot, general: Channel, anna: Person
) -> None:
    shown = await anna.slash(general, "sources").answer()
    pages = [shown.text]
    while "Next page" in {button.label for button in shown.buttons}:
        assert await anna.press(shown, "Next page").acknowledged() is CallbackKind.UPDATE
        pages.append(shown.text)
    assert len(pages) > 5
    for number, text in enumerate(pages, start=1):
        assert f"**Page {number} of {len(pages)}**" in text
    lists = "\n".join(text.partition("**Evidence:**")[0] for text in pages)
    for source in shipped_engine().faq.sources.values():
        assert lists.count(f"](<{source.link}>). {source.line}; ") == 1, source.id
    while "Previous page" in {button.label for button in shown.buttons}:
        bot.watch.advance(1)
        await anna.press(shown, "Previous page").acknowledged()
        assert shown.text == pages[len(pages) - 2]
        pages.pop()
    assert len(pages) == 1


@pytest.mark.parametrize("name", PAGES)
async def test_the_pages_say_what_moderators_wrote(
    general: Channel, anna: Person, name: str
) -> None:
    written = getattr(shipped_engine().faq.talk, name)
    shown = await anna.slash(general, name).answer()
    assert shown.text.startswith(f"## {written.title}\n{written.text}")
    assert shown.only_for is anna.user
    assert not (await anna.slash(anna.inbox, name).answer()).is_ephemeral


@pytest.mark.parametrize("name", [*PAGES, "topics", "sources"])
async def test_every_page_carries_what_every_reply_carries(anna: Person, name: str) -> None:
    shown = await anna.slash(anna.inbox, name).answer()
    faq = shipped_engine().faq
    assert shown.text.endswith(faq.wording.disclaimer) or faq.wording.disclaimer in shown.text
    assert "\n**Evidence:** " in shown.text
    assert "\n**Reviewed:** " in shown.text
    assert f"](<{faq.sources['article'].link}>)" in shown.text
