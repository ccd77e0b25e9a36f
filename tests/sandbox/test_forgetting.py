"""A long run does not fill the memory of the sandbox, if it is told to forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox import Channel, Person, Sandbox


async def test_what_was_said_is_forgotten_and_who_said_it_is_not(
    sandbox: Sandbox, general: Channel, anna: Person
) -> None:
    anna.say(general, "hello")
    anna.dm("hello")
    sandbox.forget()
    assert not general.messages
    assert not anna.inbox.messages
    anna.say(general, "again")
    assert [message.text for message in general.messages.values()] == ["again"]
