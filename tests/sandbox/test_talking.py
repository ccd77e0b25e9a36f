"""People talk, and the bot hears and says what it may."""

import discord
import pytest

from bot.sandbox import Channel, Intents, Permission, Person, Sandbox, Server, Upload
from bot.sandbox.drawing import draw_message
from bot.sandbox.waiting import PATIENCE
from tests.sandbox.conftest import living
from tests.sandbox.sample_bot import SampleBot
from tests.sandbox.wire import Wire

EAGER = discord.Intents(guilds=True, messages=True, message_content=True)


@pytest.mark.usefixtures("bot")
async def test_a_mention_is_heard_with_its_text(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    asked = anna.mention(general, "what is AHSCT")
    answer = await general.reply_to(asked)
    assert answer.text == f"you said: {sandbox.bot.mention} what is AHSCT"
    assert answer.pinged == ()


@pytest.mark.usefixtures("bot")
async def test_an_ordinary_message_reaches_the_bot_without_its_text(
    anna: Person, general: Channel
) -> None:
    anna.say(general, "nobody asked the bot")
    asked = anna.mention(general, "but now")
    # Had the text been there, the sample bot would have answered the first message first.
    assert (await general.next_message()).reply_to is asked


async def test_with_the_intent_the_text_is_there(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    sandbox.grant(Intents.MESSAGE_CONTENT)
    async with living(sandbox, SampleBot(intents=EAGER)):
        asked = anna.say(general, "nobody asked the bot")
        assert (await general.reply_to(asked)).text == "I can read: nobody asked the bot"


@pytest.mark.usefixtures("bot")
async def test_a_reply_to_the_bot_is_read_only_with_its_ping(
    anna: Person, general: Channel
) -> None:
    anna.mention(general, "first")
    answer = await general.next_message()
    anna.reply(answer, "quietly", ping=False)
    loud = anna.reply(answer, "and this?")
    assert (await general.next_message()).text == "you said: and this?"
    assert loud.reply_to is answer


async def test_a_thread_is_a_place_of_its_own_with_the_rights_of_its_channel(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async with living(sandbox, SampleBot()) as bot:
        thread = anna.start_thread(general, "about the cost")
        asked = anna.mention(thread, "in here")
        answer = await thread.reply_to(asked)
        assert answer.text.endswith("in here")
        assert general.messages == {}
        found = await bot.fetch_channel(thread.id)
        assert isinstance(found, discord.Thread)
        assert (found.parent_id, found.name) == (general.id, "about the cost")
        assert bot.get_channel(thread.id) is not None, "it was told of the thread"
        general.deny(sandbox.bot, Permission.SEND_MESSAGES)
        await thread.reply_to(anna.mention(thread, "threads have a right of their own"))
        general.deny(sandbox.bot, Permission.SEND_IN_THREADS)
        with pytest.raises(discord.Forbidden):
            await found.send("no more")


async def test_what_is_forwarded_is_a_copy(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async with living(sandbox, SampleBot()) as bot:
        said = anna.say(general, "how much is it", files=[Upload("bill.txt", b"a lot")])
        anna.forward(said, anna.inbox)
        anna.edit(said, "never mind")
        heard = await bot.wait_for("message", check=lambda one: one.guild is None)
        assert heard.content == ""
        [copy] = heard.message_snapshots
        assert (copy.content, [one.filename for one in copy.attachments]) == (
            "how much is it",
            ["bill.txt"],
        )
        assert heard.reference is not None
        assert heard.reference.type is discord.MessageReferenceType.forward
        assert heard.reference.message_id == said.id


async def test_what_is_forwarded_where_the_bot_may_not_read_has_no_words(
    sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    async with living(sandbox, SampleBot()) as bot:
        forwarded = anna.forward(anna.dm("a secret"), general)
        heard = await bot.wait_for("message", check=lambda one: one.guild is not None)
        assert heard.message_snapshots == []
        assert "a secret" in draw_message(forwarded)
        assert "Forwarded" in draw_message(forwarded)


async def test_a_sticker_is_a_message_without_words(sandbox: Sandbox, anna: Person) -> None:
    async with living(sandbox, SampleBot()) as bot:
        sent = anna.send_sticker(anna.inbox, "wave")
        heard = await bot.wait_for("message", check=lambda one: one.guild is None)
        assert (heard.content, [one.name for one in heard.stickers]) == ("", ["wave"])
        assert "(sticker: wave)" in draw_message(sent)


@pytest.mark.usefixtures("bot")
async def test_a_direct_message_is_answered(anna: Person) -> None:
    anna.dm("hello")
    assert (await anna.inbox.next_message()).text == "you said: hello"


async def test_the_bot_opens_a_direct_channel(bot: SampleBot, anna: Person) -> None:
    user = await bot.fetch_user(anna.user.id)
    await user.send("a word in private")
    assert (await anna.inbox.next_message()).text == "a word in private"


async def test_the_bot_posts_edits_reads_and_deletes(
    sandbox: Sandbox, bot: SampleBot, anna: Person, general: Channel
) -> None:
    channel = await bot.fetch_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send("one", file=discord.File(__file__, "notes.py"))
    shown = await general.next_message()
    assert shown.attachments[0].file.filename == "notes.py"
    await sent.edit(content="two", attachments=[])
    assert (shown.text, shown.attachments) == ("two", ())
    async with channel.typing():
        await general.changes.until(lambda: general.typing or None, what="typing")
    hers = anna.say(general, "mine", files=[Upload("a.txt", b"a")])
    seen = [message async for message in channel.history(limit=5)]
    assert [message.content for message in seen] == ["", "two"]
    assert (await channel.fetch_message(sent.id)).content == "two"
    await sent.delete()
    assert list(general.messages.values()) == [hers]
    assert sandbox.requests.of("POST", "/channels/*/typing")


async def test_embeds_and_what_they_say_are_seen(bot: SampleBot, general: Channel) -> None:
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    embed = discord.Embed(title="T", description="D").set_footer(text="F").set_author(name="A")
    await channel.send("C", embed=embed.add_field(name="N", value="V"))
    assert (await general.next_message()).text == "C\nT\nD\nA\nN\nV\nF"


async def test_a_message_pings_only_whom_it_may(
    bot: SampleBot, sandbox: Sandbox, server: Server, anna: Person, general: Channel
) -> None:
    channel = bot.get_channel(general.id)
    assert isinstance(channel, discord.TextChannel)
    text = f"{anna.user.mention} @everyone"
    await channel.send(text)
    assert (await general.next_message()).pinged == ()
    everyone = discord.AllowedMentions.all()
    await channel.send(text, allowed_mentions=everyone)
    loud = await general.next_message()
    assert (loud.pinged, loud.pings_everyone) == ((anna.user,), False)
    role = sandbox.add_role(server, "loud", Permission.MENTION_EVERYONE)
    server.members[sandbox.bot.id].roles.append(role)
    await channel.send(text, allowed_mentions=everyone)
    assert (await general.next_message()).pings_everyone


async def test_edits_and_deletions_by_people_are_told(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    said = anna.mention(general, "one")
    await general.next_message()
    heard = bot.wait_for("message_edit", timeout=PATIENCE)
    gone = bot.wait_for("message_delete", timeout=PATIENCE)
    anna.edit(said, "<@0> two")
    _, after = await heard
    anna.delete(said)
    assert after.content == "<@0> two"
    assert (await gone).id == said.id


async def test_another_bot_is_heard_and_left_alone(
    bot: SampleBot, sandbox: Sandbox, server: Server, general: Channel
) -> None:
    other = sandbox.add_bot("other", server)
    heard = bot.wait_for("message", timeout=PATIENCE)
    other.mention(general, "beep")
    assert (await heard).author.bot


async def test_the_bot_learns_of_servers_that_come_and_go(bot: SampleBot, sandbox: Sandbox) -> None:
    joined = bot.wait_for("guild_join", timeout=PATIENCE)
    left = bot.wait_for("guild_remove", timeout=PATIENCE)
    new = sandbox.add_server("New here")
    assert (await joined).name == "New here"
    guild = await bot.fetch_guild(new.id)
    member = await guild.fetch_member(new.owner.id)
    assert member.name == "owner of New here"
    sandbox.remove_bot(new)
    assert (await left).id == new.id
    sandbox.invite_bot(new)


async def test_the_bot_leaves_a_server(bot: SampleBot, sandbox: Sandbox, server: Server) -> None:
    [guild] = bot.guilds
    left = bot.wait_for("guild_remove", timeout=PATIENCE)
    await guild.leave()
    await left
    assert not sandbox.world.knows_bot(server)
    assert [one async for one in bot.fetch_guilds()] == []


async def test_a_nonce_makes_one_message_within_minutes(
    sandbox: Sandbox, wire: Wire, general: Channel
) -> None:
    async def send(**body: object) -> object:
        status, answer = await wire.send("POST", f"/channels/{general.id}/messages", body)
        assert status == 200
        return answer["id"]

    first = await send(content="one", nonce="n", enforce_nonce=True)
    assert await send(content="two", nonce="n", enforce_nonce=True) == first
    assert [one.content for one in general.messages.values()] == ["one"]
    others = [
        await send(content="three", nonce="n"),
        await send(content="four", enforce_nonce=True),
        await send(content="five", nonce="m", enforce_nonce=True),
    ]
    sandbox.clock.advance(301)
    others.append(await send(content="six", nonce="n", enforce_nonce=True))
    assert len({first, *others}) == 5


async def test_a_nonce_has_25_characters_at_most(wire: Wire, general: Channel) -> None:
    path = f"/channels/{general.id}/messages"
    assert await wire.code("POST", path, {"content": "x", "nonce": "n" * 26}) == (400, 50035)
    assert await wire.code("POST", path, {"content": "x", "nonce": "n" * 25}) == (200, None)
