"""The editors' desk: every command, press and form of theirs comes here, and is let in or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.chat.editing import approving, deciding, finishing, forms, history, setting_up, writing
from bot.chat.editing.custom_ids import Asked, Step, Use
from bot.chat.editing.gate import OFF, RefusedError
from bot.chat.editing.parts import LedgerError, LibraryError
from bot.chat.failures import note_failure
from bot.chat.showing import tell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    import discord

    from bot.chat.client import FaqClient
    from bot.chat.editing.board import Board
    from bot.chat.editing.drafts import Drafts
    from bot.chat.editing.gate import Gate
    from bot.chat.editing.parts import Home, Ledger, Library

    Interaction: TypeAlias = discord.Interaction[FaqClient]
    Work: TypeAlias = Callable[["EditingDesk", Interaction, Home], Awaitable[None]]
    _Step: TypeAlias = Callable[["EditingDesk", Interaction, Asked], Awaitable[None]]

_NOT_WRITTEN: Final = (
    "My database does not answer, so nothing was done. Please try again in a minute; if it keeps "
    "happening, tell whoever runs the bot."
)
_SETTING_UP: Final = frozenset({Step.ROLES, Step.CHANNEL, Step.TWO})


@dataclass(frozen=True, slots=True)
class EditingDesk:
    """What editing in Discord works with. It outlives every connection."""

    gate: Gate
    library: Library
    ledger: Ledger
    drafts: Drafts
    board: Board
    now: Callable[[], datetime]

    async def stand_by(self, client: FaqClient) -> None:
        """Do what nobody asks for: finish what was cut short, and tell the moderators' channel."""
        await client.wait_until_ready()
        # Otherwise another process does it, with the same database and the same files.
        if self.gate.home_guild is not None and client.serves(self.gate.home_guild):
            await finishing.take_up(self, client)
            await self.board.keep_telling(client)

    async def use(self, interaction: Interaction, custom_id: str) -> None:
        """Answer a press, a pick or a form whose custom id is one of the desk's."""
        use = Use.of(custom_id)
        if use is None:
            return
        typed, picked = forms.typed_in(interaction), forms.picked_in(interaction)

        async def work(desk: EditingDesk, interaction: Interaction, home: Home) -> None:
            await _WORK[use.step](desk, interaction, Asked(use, home, typed, picked))

        await self.let_in(interaction, work, managing=use.step in _SETTING_UP)

    async def let_in(self, interaction: Interaction, work: Work, *, managing: bool = False) -> None:
        """Do the work for an editor, or for somebody `managing` the home server; refuse others."""
        try:
            admitted = self.gate.managers if managing else self.gate.editors
            await work(self, interaction, await admitted(interaction))
        except RefusedError as refused:
            await tell(interaction, str(refused))
        except LedgerError:
            await tell(interaction, _NOT_WRITTEN)
        except LibraryError as error:
            incident = note_failure("editing by interaction", interaction.id, error)
            await tell(interaction, f"{deciding.NOT_DONE} `{incident}`")


async def at_the_desk(interaction: Interaction, work: Work, *, managing: bool = False) -> None:
    """Do the work of a command at the client's desk, if it has one."""
    desk = interaction.client.editing
    if desk is None:
        await tell(interaction, OFF)
    else:
        await desk.let_in(interaction, work, managing=managing)


def is_editing(custom_id: str) -> bool:
    """Whether a custom id is one of the desk's."""
    return Use.of(custom_id) is not None


_WORK: Final[Mapping[Step, _Step]] = {
    Step.PART: writing.open_part,
    Step.FORM: writing.submitted,
    Step.AGAIN: writing.open_again,
    Step.PUBLISH: deciding.publish,
    Step.DISCARD: deciding.discard,
    Step.LOOK: approving.look,
    Step.APPROVE: approving.approve,
    Step.REJECT: approving.reject,
    Step.DEED: history.look,
    Step.RESTORE: history.restore,
    Step.ROLES: setting_up.set_roles,
    Step.CHANNEL: setting_up.set_channel,
    Step.TWO: setting_up.set_two,
}
