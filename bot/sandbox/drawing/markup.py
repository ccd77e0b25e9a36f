"""HTML put together so that nothing of what people wrote can become part of it unescaped."""

import html
from collections.abc import Mapping
from typing import NewType

Safe = NewType("Safe", str)
"""HTML. It is made here only: out of escaped words, and out of elements around them."""

NOTHING = Safe("")


def words(said: str) -> Safe:
    """Return a text so that a browser shows it as it was written."""
    return Safe(html.escape(said))


def join(*parts: Safe) -> Safe:
    """Return the parts one after the other."""
    return Safe("".join(parts))


def element(name: str, attributes: Mapping[str, str], *inside: Safe) -> Safe:
    """Return an element with what stands in it; attributes may hold any text."""
    return Safe(f"{_opening(name, attributes)}{join(*inside)}</{name}>")


def void(name: str, attributes: Mapping[str, str]) -> Safe:
    """Return an element that holds nothing and is not closed."""
    return Safe(_opening(name, attributes))


def box(kind: str, *inside: Safe) -> Safe:
    """Return a block of this class."""
    return element("div", {"class": kind}, *inside)


def span(kind: str, *inside: Safe) -> Safe:
    """Return a piece of a line, of this class."""
    return element("span", {"class": kind}, *inside)


def link(url: str, *inside: Safe, kind: str = "link") -> Safe:
    """Return a link that tells the other side nothing about where it was followed."""
    attributes = {"class": kind, "href": url, "rel": "noreferrer noopener", "target": "_blank"}
    return element("a", attributes, *inside)


def _opening(name: str, attributes: Mapping[str, str]) -> str:
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>"
