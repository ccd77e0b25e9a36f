"""What people press and choose from: buttons, menus and what they list."""

from collections.abc import Iterable
from typing import Final

from bot.sandbox.drawing.inline import Names
from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, join, link, span, words
from bot.sandbox.wire.components import Button, Emoji, EntitySelect, Option, StringSelect

_STYLES: Final = {
    1: "primary",
    2: "secondary",
    3: "success",
    4: "danger",
    5: "address",
    6: "premium",
}
_LISTED_BY_DISCORD: Final = {5: "people", 6: "roles", 7: "people and roles", 8: "channels"}
_PLACEHOLDER: Final = "Make a selection"


def draw_button(button: Button) -> Safe:
    """Return a button; one with an address leads there."""
    kind = f"button {_STYLES[button.style]}"
    label = button.label or ("Buy" if button.sku_id else "")
    inside = join(_emoji(button.emoji), span("label", words(label)) if label else NOTHING)
    if button.url and not button.disabled:
        return link(button.url, inside, _arrow(), kind=kind)
    attributes = {"class": kind, "type": "button"}
    if button.custom_id:
        attributes["data-custom-id"] = button.custom_id
    if button.disabled:
        attributes["disabled"] = ""
    return element("button", attributes, inside, _arrow() if button.url else NOTHING)


def _arrow() -> Safe:
    return element("span", {"class": "arrow", "aria-hidden": "true"}, words("↗"))


def _emoji(emoji: Emoji | None) -> Safe:
    """Return an emoji; one of a server's own as its name, since its picture is on the network."""
    if emoji is None or not emoji.name:
        return NOTHING
    return span("emoji", words(f":{emoji.name}:" if emoji.id else emoji.name))


def draw_menu(menu: StringSelect | EntitySelect, names: Names) -> Safe:
    """Return a closed menu; opened, it lists what there is to choose."""
    if isinstance(menu, StringSelect):
        chosen = [option.label for option in menu.options if option.default]
        inside = draw_options(menu.options)
    else:
        chosen = [names.get(one.id, str(one.id)) for one in menu.default_values or ()]
        inside = box("hint", words(f"Discord lists {_LISTED_BY_DISCORD[menu.type]} here."))
    shown = words(", ".join(chosen)) if chosen else _hint(menu.placeholder or _PLACEHOLDER)
    summary = element("summary", {}, span("label", shown))
    kind = "menu disabled" if menu.disabled else "menu"
    attributes = {"class": kind, "data-custom-id": menu.custom_id}
    return element("details", attributes, summary, inside)


def draw_options(options: Iterable[Option], mark: str = "") -> Safe:
    """Return the lines of a menu or a group; `mark` is what one ticks: radio, checkbox, nothing."""
    return element("ul", {"class": "options"}, *(_option(option, mark) for option in options))


def _option(option: Option, mark: str) -> Safe:
    ticked = "mark ticked" if option.default else "mark"
    tick = span(f"{ticked} {mark}") if mark else NOTHING
    description = span("description", words(option.description)) if option.description else NOTHING
    text = span("option", span("label", words(option.label)), description)
    return element("li", {}, tick, _emoji(option.emoji), text)


def _hint(said: str) -> Safe:
    return span("hint", words(said))
