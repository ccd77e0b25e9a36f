"""A page of examples, each as a phone and as a wide window would show it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, join, void, words

_WIDTHS: Final = (("phone", "Phone, 360 px"), ("window", "Wide window, 720 px"))
_STYLE: Final = "page.css"
_NOTHING_FROM_OUTSIDE: Final = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Example:
    """Something to look at. `drawing` is what the drawing functions returned, one or joined."""

    heading: str
    drawing: str
    note: str = ""
    chapter: str = ""
    """What it is about; examples of one chapter stand together, below its heading."""


def page(title: str, sections: Iterable[Example]) -> str:
    """Return one HTML file that needs nothing else: each example narrow and wide, side by side."""
    examples = tuple(sections)
    head = join(
        void("meta", {"charset": "utf-8"}),
        void("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        void(
            "meta",
            {"http-equiv": "Content-Security-Policy", "content": _NOTHING_FROM_OUTSIDE},
        ),
        void("meta", {"name": "color-scheme", "content": "dark light"}),
        element("title", {}, words(title)),
        element("style", {}, stylesheet()),
    )
    body = join(
        element("h1", {}, words(title)),
        _contents(examples),
        *_headed(examples),
    )
    whole = element(
        "html", {"lang": "en"}, element("head", {}, head), element("body", {"class": "page"}, body)
    )
    return f"<!doctype html>\n{whole}\n"


def stylesheet() -> Safe:
    """Return the style under which the drawings look right, for within a `style` element."""
    return Safe(files("bot.sandbox.drawing").joinpath(_STYLE).read_text(encoding="utf-8"))


def _contents(examples: Sequence[Example]) -> Safe:
    lines = [
        element("li", {}, element("a", {"href": f"#example-{place}"}, words(one.heading)))
        for place, one in enumerate(examples, 1)
    ]
    return element("nav", {"aria-label": "Examples"}, element("ol", {}, *lines))


def _headed(examples: Sequence[Example]) -> Iterator[Safe]:
    """Yield each example, and before the first one of a chapter its heading."""
    chapter = ""
    for place, one in enumerate(examples, 1):
        if one.chapter != chapter:
            chapter = one.chapter
            yield element("h2", {"class": "chapter"}, words(chapter))
        yield _example(place, one)


def _example(place: int, example: Example) -> Safe:
    note = element("p", {"class": "note"}, words(example.note)) if example.note else NOTHING
    frames = [_frame(kind, caption, example) for kind, caption in _WIDTHS]
    heading = element("h3" if example.chapter else "h2", {}, words(example.heading))
    attributes = {"class": "example", "id": f"example-{place}"}
    return element("section", attributes, heading, note, box("frames", *frames))


def _frame(kind: str, caption: str, example: Example) -> Safe:
    shown = element("figcaption", {}, words(caption))
    # The drawing is HTML already: only this module takes it as such.
    return element("figure", {"class": kind}, shown, box("frame", Safe(example.drawing)))
