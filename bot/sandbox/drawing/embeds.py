"""Cards of the old kind."""

from bot.sandbox.drawing.cards import accent, draw_picture
from bot.sandbox.drawing.inline import Names
from bot.sandbox.drawing.markdown import markdown, markdown_line
from bot.sandbox.drawing.markup import NOTHING, Safe, box, element, link, span, words
from bot.sandbox.wire.messages import Embed, EmbedField


def draw_embed(embed: Embed, names: Names) -> Safe:
    """Return an embed with everything that it says."""
    author = box("author", words(embed.author.name)) if embed.author else NOTHING
    description = markdown(embed.description, names) if embed.description else NOTHING
    fields = box("fields", *(_field(field, names) for field in embed.fields))
    text = box("texts", author, _title(embed, names), description, fields)
    thumbnail = draw_picture(embed.thumbnail.url) if embed.thumbnail else NOTHING
    beside = box("accessory", thumbnail) if embed.thumbnail else NOTHING
    image = box("gallery", draw_picture(embed.image.url)) if embed.image else NOTHING
    attributes = {"class": "embed"} | accent(embed.color)
    return element("div", attributes, box("section", text, beside), image, _footer(embed))


def _title(embed: Embed, names: Names) -> Safe:
    if not embed.title:
        return NOTHING
    title = markdown_line(embed.title, names)
    return box("title", link(embed.url, title) if embed.url else title)


def _field(field: EmbedField, names: Names) -> Safe:
    name = box("name", markdown_line(field.name, names))
    return box("field inline" if field.inline else "field", name, markdown(field.value, names))


def _footer(embed: Embed) -> Safe:
    said = [embed.footer.text] if embed.footer else []
    said += [embed.timestamp] if embed.timestamp else []
    return box("footer", span("description", words(" • ".join(said)))) if said else NOTHING
