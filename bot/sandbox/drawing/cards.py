"""Components V2 as a message shows them: texts, sections, pictures, lines, rows and cards."""

from collections.abc import Iterable

from bot.sandbox.drawing.controls import draw_button, draw_menu
from bot.sandbox.drawing.inline import Names
from bot.sandbox.drawing.markdown import markdown
from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, join, span, words
from bot.sandbox.wire.components import (
    Button,
    Component,
    EntitySelect,
    File,
    GalleryItem,
    MediaGallery,
    Separator,
    StringSelect,
    TextDisplay,
    Thumbnail,
)
from bot.sandbox.wire.layout import ActionRow, Container, Section

_ATTACHED = "attachment://"


def draw_components(components: Iterable[Component], names: Names) -> Safe:
    """Return the components of a message, each below the one before."""
    return join(*(_component(one, names) for one in components))


def _component(component: Component, names: Names) -> Safe:
    match component:
        case TextDisplay():
            return markdown(component.content, names)
        case Container():
            return _card(component, names)
        case Section():
            texts = draw_components(component.components, names)
            beside = box("accessory", _component(component.accessory, names))
            return box("section", box("texts", texts), beside)
        case ActionRow():
            return box("row", draw_components(component.components, names))
        case Button():
            return draw_button(component)
        case StringSelect() | EntitySelect():
            return draw_menu(component, names)
        case Separator():
            return _separator(component)
        case MediaGallery():
            return box("gallery", *(_picture(item) for item in component.items))
        case Thumbnail():
            return _picture(component)
        case File():
            return draw_file(_file_name(component.file.url), spoiler=component.spoiler)
        case _:
            raise TypeError(f"a message holds no component of type {component.kind}")


def _card(container: Container, names: Names) -> Safe:
    kind = "card hidden" if container.spoiler else "card"
    attributes = {"class": kind} | accent(container.accent_color)
    return element("div", attributes, draw_components(container.components, names))


def accent(colour: int | None) -> dict[str, str]:
    """Return the attributes that give a card or an embed its coloured edge, if it has one."""
    return {} if colour is None else {"style": f"--accent: #{colour:06x}"}


def _separator(separator: Separator) -> Safe:
    size = "large" if separator.spacing > 1 else "small"
    return box(f"separator {size} {'line' if separator.divider else 'gap'}")


def _picture(picture: Thumbnail | GalleryItem) -> Safe:
    return draw_picture(picture.media.url, picture.description, spoiler=picture.spoiler)


def draw_picture(url: str, description: str | None = None, *, spoiler: bool = False) -> Safe:
    """Return the place of a picture with its description: the page fetches nothing."""
    said = description or _file_name(url)
    attributes = {"class": "picture hidden" if spoiler else "picture", "role": "img"}
    return element("div", attributes | {"aria-label": said}, span("label", words(said)))


def draw_file(name: str, size: int | None = None, *, spoiler: bool = False) -> Safe:
    """Return a file by its name, and by its size where that is known."""
    weight = NOTHING if size is None else span("description", words(f"{size:,} bytes"))
    kind = "file hidden" if spoiler else "file"
    return box(kind, element("span", {"class": "link"}, words(name)), weight)


def _file_name(url: str) -> str:
    """Return what a file is called, wherever it lies."""
    path = url.removeprefix(_ATTACHED).partition("?")[0]
    return path.rsplit("/", 1)[-1] or url
