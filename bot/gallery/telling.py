"""What members can tell, and how a server's managers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.drawing import Example, draw_modal

if TYPE_CHECKING:
    from bot.gallery.scene import Scene

_QUESTION: Final = "does yoga help with balance"


async def examples(scene: Scene) -> list[Example]:
    """Return an example of a vote, of its reasons, and of a question sent to the moderators."""
    return [*await _votes(scene), *await _sent(scene)]


async def settings(scene: Scene) -> list[Example]:
    """Return an example of a server's settings, before and after they were changed."""
    card = await scene.owner.slash(scene.general, "settings").answer()
    first = scene.drawn(card)
    await scene.owner.choose(card, "gb", menu=1).acknowledged()
    return [
        Example("/settings, as nobody has touched them", first),
        Example("With a country chosen", scene.drawn(card)),
    ]


async def _votes(scene: Scene) -> list[Example]:
    anna, drawn = scene.anna, scene.drawn
    answer = await anna.slash(scene.general, "ask", question="hsct price").answer()
    below = drawn(answer)
    thanked = await anna.press(answer, "Helpful").answer()
    reasons = await anna.press(answer, "Not helpful").answer()
    asked = drawn(reasons)
    await anna.press(reasons, "It is out of date").acknowledged()
    return [
        Example("“Was this helpful?” below an answer", below),
        Example("After “Helpful”", drawn(thanked)),
        Example("After “Not helpful”", asked, "No name is kept with it."),
        Example("After a reason", drawn(reasons), "In the place of the reasons."),
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
        Example("A question without an answer", drawn(declined)),
        Example("The form that sends it", draw_modal(form, scene.bot), "Only then is it kept."),
        Example("It was sent", drawn(thanked)),
        Example("What is sent sounds like danger", drawn(help_, anyway), "Help first."),
    ]
