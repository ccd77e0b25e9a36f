"""The whole FAQ out of Discord, and files back into it: tried out first, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import discord

from bot.chat.editing import deciding
from bot.chat.editing.composing import file_of
from bot.chat.editing.drafts import Draft
from bot.chat.editing.gate import RefusedError
from bot.chat.editing.parts import Kind
from bot.chat.editing.speaking import Attached, Page, plain, present, think
from bot.chat.sending import once_more
from bot.core.changes import faults_of

if TYPE_CHECKING:
    from bot.chat.client import FaqClient
    from bot.chat.editing.desk import EditingDesk
    from bot.chat.editing.parts import Home

    Interaction: TypeAlias = discord.Interaction[FaqClient]

LARGEST: Final = 1024 * 1024
"""Bytes of an upload."""


async def export(desk: EditingDesk, interaction: Interaction) -> None:
    """Hand out the folder of the FAQ as a zip."""
    await think(interaction)
    data = await desk.library.pack()
    page = Page("The FAQ as it stands")
    if len(data) > interaction.filesize_limit:
        page.say("It is larger than Discord lets me attach here. Whoever runs the bot has it.")
    else:
        page.say("Change what you want in it, and bring it back with `/faq import`.")
        page.attach("All but the examples it learns from", Attached("faq.zip", data))
    await present(interaction, page)


async def import_file(
    desk: EditingDesk,
    interaction: Interaction,
    home: Home,
    file: discord.Attachment,
    topic: str | None,
) -> None:
    """Try out an upload, and show what would come of it."""
    if file.size > LARGEST:
        raise RefusedError(
            f"The file has {file.size:,} bytes; I take up to {LARGEST:,}. Upload only what you "
            "changed."
        )
    await think(interaction)
    try:
        data = await once_more(file.read)
    except discord.HTTPException:
        raise RefusedError("Discord did not give me the file. Please upload it again.") from None
    name = _placed(desk, file.filename, topic)
    changes, problems = await desk.library.unpack(data or b"", name)
    faults = faults_of(problems)
    if faults:
        page = Page("This cannot be imported")
        page.tell("What to mend", [str(one) for one in faults], "problems.txt")
        page.say("Nothing was changed.")
        await present(interaction, page)
        return
    before = {one.file: desk.library.text(one.file) for one in changes}
    new = tuple(one for one in changes if one.text != before[one.file])
    if not new:
        raise RefusedError(
            f"Nothing in {plain(file.filename)} differs from what stands there already "
            f"({len(changes)} files compared), so there is nothing to import."
        )
    draft = Draft(
        editor=interaction.user.id,
        kind=Kind.IMPORT,
        entry=file.filename[:60],
        changes=new,
        before={one.file: before[one.file] for one in new},
    )
    await deciding.offer(desk, interaction, home, draft)


def _placed(desk: EditingDesk, filename: str, topic: str | None) -> str:
    """Return where an uploaded entry belongs; a zip names its files itself."""
    if not filename.endswith(".md"):
        return filename
    entry = desk.library.engine.faq.entry(filename.removesuffix(".md"))
    if entry is not None:
        return file_of(entry)
    topics = desk.library.engine.faq.talk.topics
    if topic not in topics:
        raise RefusedError(
            f"There is no entry {plain(filename.removesuffix('.md'))} yet. Name its topic with "
            f"the option `topic`: one of {', '.join(topics)}."
        )
    return f"entries/{topic}/{filename}"
