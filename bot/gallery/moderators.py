"""What the people see who look after the FAQ: two editors, Erin and Edda, and their channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.drawing import Example, draw_modal
from bot.sandbox.wire.components import StringSelect

if TYPE_CHECKING:
    from bot.gallery.scene import Scene
    from bot.sandbox import Interaction, Message

_ENTRY: Final = "ahsct-cost"
_FILE: Final = "entries/ahsct/ahsct-cost.md"
_WORDING: Final = "travel and hotel costs"
_PATIENCE: Final = 120.0
"""Seconds: every test question is asked before and after a change, on whatever machine this is."""
_UNREAD: Final = "this is no evidence label"


async def examples(scene: Scene) -> list[Example]:
    """Return an example of each thing that editors do, in the order in which they would."""
    return [
        *await _looking(scene),
        *await _edit(scene),
        *await _approval(scene),
        *await _history(scene),
        *await _inbox(scene),
        *await _files(scene),
    ]


async def _answer(scene: Scene, command: str, **options: str) -> Message:
    used = scene.erin.slash(scene.general, f"faq {command}", **options)
    return await used.answer(within=_PATIENCE)


async def _pages(used: Interaction, last: str) -> list[Message]:
    """Return all that a use is answered with, up to the page with the button `last`."""
    pages = [await used.answer(within=_PATIENCE)]
    while last not in {button.label for button in pages[-1].buttons}:
        pages.append(await used.followup(within=_PATIENCE))
    return pages


def _first(page: Message) -> str:
    """Return the first thing that a page's menu offers."""
    [menu] = page.menus
    return menu.options[0].value if isinstance(menu, StringSelect) else ""


async def _looking(scene: Scene) -> list[Example]:
    setup = await scene.owner.slash(scene.general, "faq setup").answer()
    used = scene.erin.slash(scene.general, "faq test", question="how dangeros is hsct")
    tested, shown = await used.answer(), await used.followup()
    found = [
        Example("/faq setup", scene.drawn(setup), "For who may manage the server."),
        Example("/faq test", scene.drawn(tested, shown), "And what a member would get."),
        Example("/faq show", scene.drawn(await _answer(scene, "show", entry=_ENTRY))),
    ]
    rest = [(name, await _answer(scene, name)) for name in ("check", "due", "stats")]
    return [*found, *(Example(f"/faq {name}", scene.drawn(page)) for name, page in rest)]


async def _edit(scene: Scene) -> list[Example]:
    menu = await _answer(scene, "edit", entry=_ENTRY)
    opened = scene.erin.choose(menu, "text")
    form = draw_modal(await opened.modal(), scene.bot)
    other = scene.erin.choose(menu, "head")
    await other.modal()
    unfit = await scene.erin.submit_modal(other, {"sources": "article, hse-metfromin"}).answer(
        within=_PATIENCE
    )
    return [
        Example("/faq edit", scene.drawn(menu)),
        Example("The form, with the present text", form),
        Example("What does not fit is not lost", scene.drawn(unfit)),
        *await _preview(scene, menu),
    ]


async def _preview(scene: Scene, menu: Message) -> list[Example]:
    opened = scene.erin.choose(menu, "asked")
    await opened.modal()
    entry = scene.live.engine.faq.entry(_ENTRY)
    asked = "\n".join((*(entry.also_asked if entry else ()), _WORDING))
    sent = scene.erin.submit_modal(opened, {"also_asked": asked})
    preview, *_, page = await _pages(sent, "Propose")
    shown = scene.drawn(page)
    proposed = await scene.erin.press(page, "Propose").answer()
    return [
        Example("The preview", scene.drawn(preview), "As members will see it; buttons dead."),
        Example("What changes, and which test questions", shown, "Below the preview."),
        Example("Two people are needed", scene.drawn(proposed)),
    ]


async def _approval(scene: Scene) -> list[Example]:
    told = await scene.moderators.next_message()
    listed = await scene.edda.slash(scene.general, "faq proposals").answer()
    *_, page = await _pages(scene.edda.choose(listed, _first(listed)), "Reject")
    published = await scene.edda.press(page, "Approve").answer(within=_PATIENCE)
    end = await scene.moderators.next_message()
    return [
        Example("The moderators' channel hears of it", scene.drawn(told)),
        Example("/faq proposals", scene.drawn(listed)),
        Example("Another editor looks at it", scene.drawn(page), "Below the same preview."),
        Example("Approved", scene.drawn(published, end)),
    ]


async def _history(scene: Scene) -> list[Example]:
    listed = await _answer(scene, "history")
    change = await scene.erin.choose(listed, _first(listed)).answer()
    return [
        Example("/faq history", scene.drawn(listed)),
        Example("A change, and the way back", scene.drawn(change)),
    ]


async def _inbox(scene: Scene) -> list[Example]:
    listed = await _answer(scene, "inbox")
    page = await scene.erin.choose(listed, _first(listed)).answer()
    menu = await scene.erin.press(page, "Add it as a wording of an entry").answer()
    return [
        Example("/faq inbox", scene.drawn(listed)),
        Example("A question that a member sent", scene.drawn(page)),
        Example("It becomes a wording", scene.drawn(menu), "Then the preview, as above."),
    ]


async def _files(scene: Scene) -> list[Example]:
    path = scene.live.root / _FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\nevidence: ", f"\nevidence: {_UNREAD} "), encoding="utf-8")
    await scene.live.reload()
    refused = await scene.moderators.next_message()
    shown = scene.drawn(refused)
    path.write_text(text, encoding="utf-8")
    await scene.live.reload()
    mended = await scene.moderators.next_message()
    return [
        Example("A file was changed, and does not fit", shown, "In the moderators' channel."),
        Example("It is mended", scene.drawn(mended)),
    ]
