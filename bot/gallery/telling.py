"""What members can tell, and how a server's managers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.drawing import Example, draw_modal

if TYPE_CHECKING:
    from bot.gallery.scene import Scene

_VOTES: Final = "Votes and questions to the moderators"
_SETTINGS: Final = "Settings of a server"
_QUESTION: Final = "does yoga help with balance"


async def examples(scene: Scene) -> list[Example]:
    """Return an example of each."""
    return [*await _votes(scene), *await _sent(scene), *await _settings(scene)]


async def _votes(scene: Scene) -> list[Example]:
    anna, drawn = scene.anna, scene.drawn
    answer = await anna.slash(scene.general, "ask", question="hsct price").answer()
    below = drawn(answer)
    thanked = await anna.press(answer, "Helpful").answer()
    reasons = await anna.press(answer, "Not helpful").answer()
    asked = drawn(reasons)
    await anna.press(reasons, "It is out of date").acknowledged()
    return [
        Example("“Was this helpful?” below an answer", below, chapter=_VOTES),
        Example("After “Helpful”", drawn(thanked), chapter=_VOTES),
        Example("After “Not helpful”", asked, "No name is kept with it.", _VOTES),
        Example("After a reason", drawn(reasons), "In the place of the reasons.", _VOTES),
    ]


async def _sent(scene: Scene) -> list[Example]:
    anna, drawn = scene.anna, scene.drawn
    declined = await anna.slash(scene.general, "ask", question=_QUESTION).answer()
    opened = anna.press(declined, "Send this question to the moderators")
    form = await opened.modal()
    thanked = await anna.submit_modal(opened, {"question": _QUESTION}).answer()
    again = anna.press(declined, "Send this question to the moderators")
    await again.modal()
    danger = anna.submit_modal(again, {"question": "i cant go on living"})
    help_, anyway = await danger.answer(), await danger.followup()
    return [
        Example("A question without an answer", drawn(declined), chapter=_VOTES),
        Example(
            "The form that sends it", draw_modal(form, scene.bot), "Only then is it kept.", _VOTES
        ),
        Example("It was sent", drawn(thanked), chapter=_VOTES),
        Example("What is sent sounds like danger", drawn(help_, anyway), "Help first.", _VOTES),
    ]


async def _settings(scene: Scene) -> list[Example]:
    card = await scene.owner.slash(scene.general, "settings").answer()
    first = scene.drawn(card)
    await scene.owner.choose(card, "gb", menu=1).acknowledged()
    return [
        Example("/settings, as nobody has touched them", first, chapter=_SETTINGS),
        Example("With a country chosen", scene.drawn(card), chapter=_SETTINGS),
    ]
