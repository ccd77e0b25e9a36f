"""Messages, modals and suggestions are drawn as Discord lays them out, and nothing gets through."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import Channel, Interaction, Message, Person, Sandbox, Upload
from bot.sandbox.composing import Composer
from bot.sandbox.drawing import Example, draw_choices, draw_message, draw_modal, page, stylesheet
from bot.sandbox.drawing.markdown import markdown
from bot.sandbox.users import User
from bot.sandbox.wire.callbacks import Choice, Modal
from bot.sandbox.wire.forms import read
from bot.sandbox.wire.messages import Embed, MessageBody, message_rules
from tests.sandbox.sample_bot import SampleBot
from tests.sandbox.wire import Wire

V2: Final = 1 << 15
VOID: Final = {"input", "meta"}
APP: Final = User(1, "MS FAQ", bot=True)
Uploads: TypeAlias = Sequence[Upload]


class Seen(HTMLParser):
    """What a browser makes of HTML; elements that are not closed in order are refused."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(drawn)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the innermost element, and of no other."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what a person reads."""
        self.text += data

    def values(self, name: str) -> list[str]:
        """Return every value of this attribute, in order."""
        return [value for key, value in self.attributes if key == name]

    @property
    def classes(self) -> set[str]:
        """Return every class that is used."""
        return {one for value in self.values("class") for one in value.split()}


async def post(wire: Wire, channel: Channel, **body: object) -> Message:
    status, answer = await wire.send("POST", f"/channels/{channel.id}/messages", body)
    assert status == 200, answer
    return channel.messages[int(str(answer["id"]))]


def shown(sandbox: Sandbox, channel: Channel, *components: object, files: Uploads = ()) -> Message:
    """Return a message of the bot that did not go over the wire.

    Discord answers pictures and files with more about them than the sandbox knows.
    """
    body = read(MessageBody, {"flags": V2, "components": components}, message_rules)
    return Composer(sandbox.world).compose(channel, sandbox.bot, body, dict(enumerate(files)))


async def layout(wire: Wire, channel: Channel, *components: object) -> Seen:
    return Seen(draw_message(await post(wire, channel, flags=V2, components=components)))


def text(content: str) -> dict[str, object]:
    return {"type": 10, "content": content}


def button(**changes: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": "More", "custom_id": "more", **changes}


def row(*components: object) -> dict[str, object]:
    return {"type": 1, "components": components}


def inside(source: str) -> str:
    """Return the drawing of a text without the box around it."""
    return markdown(source).removeprefix('<div class="text">').removesuffix("</div>")


# What Discord makes of a text.

LINES: Final = {
    "**bold**": "<strong>bold</strong>",
    "**Note:**text": "<strong>Note:</strong>text",
    "*it* _it_": "<em>it</em> <em>it</em>",
    "***both***": "<em><strong>both</strong></em>",
    "__under *it*__": "<u>under <em>it</em></u>",
    "~~gone~~": "<s>gone</s>",
    "`a *b*`": "<code>a *b*</code>",
    "||hidden||": '<span class="spoiler">hidden</span>',
    "\\*no\\* \\_no\\_": "*no* _no_",
    "snake_case_name 5 * 3 * 2": "snake_case_name 5 * 3 * 2",
    "a\n\nb": "a\n\nb",
    "<:pill:12>": '<span class="emoji">:pill:</span>',
    "</ask:12>": '<span class="mention">/ask</span>',
    "@everyone": '<span class="mention">@everyone</span>',
    "<@!5>": '<span class="mention">&lt;@!5&gt;</span>',
    "<script>alert(1)</script>": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "#nope": "#nope",
    ">nope": "&gt;nope",
    "[x](javascript:alert(1))": "[x](javascript:alert(1))",
    "[https://good.example](https://bad.example)": "[https://good.example](https://bad.example)",
    "<t:99999999999999>": "&lt;t:99999999999999&gt;",
    "<t:9999999999999>": "&lt;t:9999999999999&gt;",
}
"""A line → its drawing."""


@pytest.mark.parametrize("source", LINES)
def test_a_line_is_drawn_as_discord_draws_it(source: str) -> None:
    assert inside(source) == f'<div class="line">{LINES[source]}</div>'


BLOCKS: Final = {
    "# One\n\n## Two #\n### Three\nx": "<h1>One</h1>[\n]<h2>Two #</h2><h3>Three</h3>[x]",
    "# # no": "[# # no]",
    "x\n-# small *print*": "[x\n]<small>small <em>print</em></small>",
    "> a\n> b\nc": "<blockquote>[a\nb\n]</blockquote>[c]",
    "x\n>>> a\n# b": "[x\n]<blockquote>[a\n]<h1>b</h1></blockquote>",
    "> - a\n> > b": "<blockquote><ul><li>[a]</li></ul>[&gt; b]</blockquote>",
    "- a\n  - b\n- c\nd": "<ul><li>[a\n]<ul><li>[b]</li></ul></li><li>[c]</li></ul>[d]",
    "* a\n  more\n\n* b": "<ul><li>[a\nmore]</li></ul>[\n]<ul><li>[b]</li></ul>",
    "- a\n\nb": "<ul><li>[a]</li></ul>[\nb]",
    "3. a\n4. b": '<ol start="3"><li>[a]</li><li>[b]</li></ol>',
    "- # a": "<ul><li><h1>a</h1></li></ul>",
    "a\n```py\n# x\n\n- y\n```\nb": "[a<pre># x\n\n- y</pre>b]",
    "> ```\n> x\n> ```": "<blockquote>[<pre>x</pre>]</blockquote>",
    "####": "[####]",
}
"""A text → its drawing, with lines in brackets."""


@pytest.mark.parametrize("source", BLOCKS)
def test_a_text_is_drawn_as_discord_draws_it(source: str) -> None:
    expected = BLOCKS[source].replace("[", '<div class="line">').replace("]", "</div>")
    assert inside(source) == expected


LINKS: Final = {
    "[m](https://a.example/x)": ("m", "https://a.example/x"),
    "[**m**](<https://a.example>)": ("m", "https://a.example"),
    '[m](https://a.example "title")': ("m", "https://a.example"),
    "[m](https://a.example/S(20)1)": ("m", "https://a.example/S(20)1"),
    "<https://a.example>": ("https://a.example", "https://a.example"),
    "(https://a.example/x).": ("(https://a.example/x).", "https://a.example/x"),
    "seehttps://a.example,": ("seehttps://a.example,", "https://a.example"),
    '[m](https://a.example/"onclick=x)': ("m", 'https://a.example/"onclick=x'),
}


@pytest.mark.parametrize("source", LINKS)
def test_a_link_leads_where_it_says(source: str) -> None:
    seen = Seen(inside(source))
    assert (seen.text, seen.values("href")) == (LINKS[source][0], [LINKS[source][1]])


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("", "23 November 2026 09:05 UTC"),
        (":t", "09:05 UTC"),
        (":d", "23/11/2026"),
        (":D", "23 November 2026"),
        (":R", "23 November 2026"),
        (":F", "Monday, 23 November 2026 09:05 UTC"),
    ],
)
def test_a_moment_is_drawn_in_utc(style: str, expected: str) -> None:
    assert Seen(inside(f"<t:1795424700{style}>")).text == expected


def test_emphasis_has_a_deepest_level_and_lists_have_too() -> None:
    assert Seen(inside("- " * 300 + "end")).text.endswith("- end")
    # Stars alone lie within each other, a pair of bold or italic ones in the next.
    seen = Seen(inside("*" * 3000))
    assert 10 < len(seen.tags) < 20
    assert set(seen.text) == {"*"}


ALLOWED_TAGS: Final = {
    *("div", "span", "a", "em", "strong", "u", "s", "code", "pre", "time", "small"),
    *("h1", "h2", "h3", "ul", "ol", "li", "blockquote"),
}
NASTY: Final = st.lists(
    st.sampled_from(
        [
            *("<", ">", '"', "'", "&", "<script>", "</div>", "<!--", "onerror=", "javascript:"),
            *("*", "**", "_", "__", "~~", "||", "`", "```", "\\", "[", "](", ")", "<@1>", "<t:1>"),
            *("# ", "-# ", "> ", ">>> ", "- ", "1. ", "\n", "\n\n", " ", "  "),
            *("https://a.example/", "(", "word", "é", "\u200b", "\r", "\x00", "😀"),
        ]
    ),
    max_size=40,
).map("".join)


@settings(deadline=None)
@given(NASTY | st.text(max_size=200))
def test_any_text_is_escaped_and_none_fails(said: str) -> None:
    seen = Seen(markdown(said))
    assert set(seen.tags) <= ALLOWED_TAGS
    assert {name for name, _ in seen.attributes} <= {
        *("class", "href", "rel", "target", "datetime", "start")
    }
    assert all(url.startswith(("https://", "http://")) for url in seen.values("href"))


@settings(deadline=None)
@given(st.text(alphabet="abc *_~|#>-\n<&\\().", max_size=80))
def test_no_letter_is_lost(said: str) -> None:
    letters = re.sub("[^abc<&]", "", said)
    assert re.sub("[^abc<&]", "", Seen(markdown(said)).text) == letters


# Messages.


async def test_a_card_of_the_library_is_drawn_whole(
    bot: SampleBot, anna: Person, general: Channel
) -> None:
    assert bot.user
    card = await anna.slash(general, "card").answer()
    seen = Seen(draw_message(card))
    shown = ["anna used /card", bot.user.name, "APP", "an answer", "Related", "Edit me"]
    places = [seen.text.index(one) for one in (*shown, "More on ahsct", "Basics", "Risks")]
    assert places == sorted(places)
    assert {"card", "section", "accessory", "separator", "row", "menu"} <= seen.classes
    assert seen.values("data-custom-id") == ["edit", "entry:ahsct", "topic"]


@pytest.mark.usefixtures("bot")
async def test_only_a_private_answer_says_that_it_is_private(
    anna: Person, general: Channel
) -> None:
    private = await anna.slash(general, "ask", question="q").answer()
    shared = await anna.slash(general, "ask", question="q", share=True).answer()
    assert "Only you can see this" in Seen(draw_message(private)).text
    assert "private" in Seen(draw_message(private)).classes
    private.content = anna.user.mention
    assert "@anna" in Seen(draw_message(private)).text
    assert "Only you" not in Seen(draw_message(shared)).text


@pytest.mark.usefixtures("bot")
async def test_a_reply_shows_what_it_replies_to_until_that_is_deleted(
    anna: Person, general: Channel
) -> None:
    asked = anna.mention(general, "does *it*\nhurt <b>?")
    reply = await general.reply_to(asked)
    assert "anna " in Seen(draw_message(reply)).text
    reply.content = anna.user.mention
    assert "@anna" in Seen(draw_message(reply)).text
    assert "does it hurt <b>?" in Seen(draw_message(reply)).text
    anna.delete(asked)
    seen = Seen(draw_message(reply))
    assert seen.text.startswith("Original message was deleted")


async def test_a_mention_is_drawn_as_the_name_it_stands_for(
    wire: Wire, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    asked = anna.mention(general, f"and <#{general.id}> and <@&77>")
    seen = Seen(draw_message(asked, {general.id: "general"}))
    assert f"@{sandbox.bot.name} and #general and <@&77>" in seen.text
    quiet = await post(wire, general, content=anna.user.mention, allowed_mentions={"parse": []})
    assert f"@{anna.user.id}" in Seen(draw_message(quiet)).text
    assert "@anna" in Seen(draw_message(quiet, {anna.user.id: "anna"})).text


async def test_what_a_person_says_has_no_tag_and_shows_edits_and_files(
    anna: Person, general: Channel
) -> None:
    said = anna.say(general, "hello", files=[Upload("scan.txt", b"x" * 1234)])
    seen = Seen(draw_message(said))
    assert "APP" not in seen.text
    assert "scan.txt1,234 bytes" in seen.text
    assert "(edited)" not in seen.text
    anna.edit(said, "good morning")
    assert "good morning" in Seen(draw_message(said)).text
    assert "(edited)" in Seen(draw_message(said)).text


@pytest.fixture
async def used(wire: Wire, sandbox: Sandbox, anna: Person, general: Channel) -> Interaction:
    """Return a use of a command that nobody has answered."""
    options = [{"type": 3, "name": "question", "description": "d", "autocomplete": True}]
    body = [{"name": "ask", "description": "d", "options": options}]
    status, _ = await wire.send("PUT", f"/applications/{sandbox.bot.id}/commands", body)
    assert status == 200
    return anna.slash(general, "ask")


async def test_a_deferred_answer_says_that_the_bot_is_thinking(
    wire: Wire, sandbox: Sandbox, used: Interaction
) -> None:
    await wire.answer(used, 5, {"flags": 64})
    assert used.original
    assert f"{sandbox.bot.name} is thinking…" in Seen(draw_message(used.original)).text


async def test_a_message_of_the_old_kind_is_drawn(wire: Wire, general: Channel) -> None:
    embed = {
        "title": "Title & co",
        "url": "https://a.example",
        "description": "**short**",
        "color": 0xFF8800,
        "author": {"name": "the author"},
        "fields": [{"name": "Evidence", "value": "strong", "inline": True}],
        "footer": {"text": "not medical advice"},
        "timestamp": "2026-11-23T09:05:00Z",
        "image": {"url": "https://a.example/brain.png"},
        "thumbnail": {"url": "https://a.example/small.png?size=9"},
    }
    said = await post(wire, general, content="# hello", embeds=[embed], components=[row(button())])
    seen = Seen(draw_message(said))
    for shown in ("hello", "Title & co", "short", "the author", "Evidence", "strong"):
        assert shown in seen.text
    assert "not medical advice • 2026-11-23T09:05:00Z" in seen.text
    assert "field inline" in seen.values("class")
    assert "brain.png" in seen.text
    assert "small.pngbrain" in seen.text
    assert seen.values("style") == ["--accent: #ff8800"]
    assert seen.values("href") == ["https://a.example"]
    assert "More" in seen.text
    said.flags |= 1 << 2
    assert "Title" not in Seen(draw_message(said)).text


STYLES: Final = {1: "primary", 2: "secondary", 3: "success", 4: "danger"}


@pytest.mark.parametrize("style", STYLES)
async def test_a_button_has_its_style(wire: Wire, general: Channel, style: int) -> None:
    seen = await layout(wire, general, row(button(style=style)))
    assert {"button", STYLES[style]} <= seen.classes
    assert "disabled" not in dict(seen.attributes)


async def test_a_button_may_be_grey_lead_away_or_show_an_emoji(
    wire: Wire, general: Channel
) -> None:
    seen = await layout(
        wire,
        general,
        row(
            button(disabled=True, emoji={"name": "🧠"}),
            {"type": 2, "style": 5, "label": "<Source>", "url": 'https://a.example/"x'},
            {"type": 2, "style": 6, "sku_id": "5"},
            button(label=None, custom_id="own", emoji={"name": "pill", "id": "5"}),
        ),
    )
    assert seen.values("disabled") == [""]
    assert seen.values("href") == ['https://a.example/"x']
    assert [one in seen.text for one in ("🧠More", "<Source>↗", "Buy", ":pill:")] == [True] * 4


async def test_a_menu_is_closed_and_lists_its_lines(wire: Wire, general: Channel) -> None:
    options = [
        {"label": "<Basics>", "value": "1", "description": "what it is", "emoji": {"name": "🧠"}},
        {"label": "Risks", "value": "2"},
    ]
    menu = {"type": 3, "custom_id": "topic", "placeholder": "Pick & choose", "options": options}
    drawn = draw_message(await post(wire, general, flags=V2, components=[row(menu)]))
    assert re.search("<summary>.*Pick &amp; choose.*</summary>", drawn)
    assert "open" not in dict(Seen(drawn).attributes)
    assert "🧠<Basics>what it isRisks" in Seen(drawn).text
    chosen = menu | {"options": [options[0], options[1] | {"default": True}], "disabled": True}
    drawn = draw_message(await post(wire, general, flags=V2, components=[row(chosen)]))
    assert re.search("<summary>.*Risks.*</summary>", drawn)
    assert "disabled" in Seen(drawn).classes


@pytest.mark.parametrize(
    ("kind", "listed", "chosen"),
    [
        (5, "people", "user"),
        (6, "roles", "role"),
        (7, "people and roles", "role"),
        (8, "channels", "channel"),
    ],
)
async def test_a_menu_that_discord_fills_says_with_what(
    wire: Wire, general: Channel, kind: int, listed: str, chosen: str
) -> None:
    menu: dict[str, object] = {"type": kind, "custom_id": "who"}
    seen = await layout(wire, general, row(menu))
    assert "Make a selection" in seen.text
    assert f"Discord lists {listed} here" in seen.text
    menu["default_values"] = [{"id": "77", "type": chosen}]
    said = await post(wire, general, flags=V2, components=[row(menu)])
    assert "Make a selection" not in Seen(draw_message(said)).text
    assert "77" in Seen(draw_message(said)).text
    assert "nurses" in Seen(draw_message(said, {77: "nurses"})).text


async def test_a_card_has_its_colour_and_its_lines(wire: Wire, general: Channel) -> None:
    lines = [{"type": 14}, {"type": 14, "divider": False, "spacing": 2}]
    card = {"type": 17, "accent_color": 0x12AB, "components": [text("a"), *lines], "spoiler": True}
    seen = await layout(wire, general, card)
    assert seen.values("style") == ["--accent: #0012ab"]
    assert {"separator small line", "separator large gap", "card hidden"} <= set(
        seen.values("class")
    )
    plain = await layout(wire, general, {"type": 17, "components": [text("a")]})
    assert plain.values("style") == []


def test_pictures_and_files_are_boxes_with_their_names(sandbox: Sandbox, general: Channel) -> None:
    picture = {"media": {"url": "https://a.example/b/brain.png?x=1"}}
    said = shown(
        sandbox,
        general,
        {"type": 12, "items": [picture, picture | {"description": 'a "scan"', "spoiler": True}]},
        {"type": 13, "file": {"url": "attachment://leaflet.pdf"}},
        {"type": 9, "components": [text("beside")], "accessory": {"type": 11, **picture}},
        files=[Upload("leaflet.pdf", b"x")],
    )
    seen = Seen(draw_message(said))
    assert seen.values("aria-label") == ["brain.png", 'a "scan"', "brain.png"]
    assert {"picture hidden", "file", "accessory"} <= set(seen.values("class"))
    # It stands where the layout puts it, and not among the attachments as well.
    assert seen.text.count("leaflet.pdf") == 1
    assert not set(seen.tags) & {"img", "video", "iframe", "object"}


# Windows and suggestions.


async def test_a_form_of_the_library_is_drawn(
    bot: SampleBot, sandbox: Sandbox, anna: Person, general: Channel
) -> None:
    assert bot.user
    modal = await anna.slash(general, "form").modal()
    seen = Seen(draw_modal(modal, sandbox.bot))
    for shown in ("Tell the moderators", sandbox.bot.name, "Nothing is kept but this."):
        assert shown in seen.text
    assert "Question *" in seen.text
    assert "File *" not in seen.text
    assert "0/200" in seen.text
    assert "drop a file here" in seen.text
    assert seen.values("name") == ["words"]
    assert seen.text.endswith("CancelSubmit")


def label(component: object, **changes: object) -> dict[str, object]:
    return {"type": 18, "label": "A label", "component": component, **changes}


OPTIONS: Final = [{"label": "Yes", "value": "y", "default": True}, {"label": "No", "value": "n"}]
FIELDS: Final[list[tuple[dict[str, object], str]]] = [
    (label({"type": 3, "custom_id": "a", "options": OPTIONS}), "menu"),
    (label({"type": 5, "custom_id": "a"}, description="Who <it> was"), "menu"),
    (label({"type": 19, "custom_id": "a", "max_values": 3}), "upload"),
    (label({"type": 21, "custom_id": "a", "options": OPTIONS}), "radio"),
    (label({"type": 22, "custom_id": "a", "options": OPTIONS}), "checkbox"),
    (label({"type": 23, "custom_id": "a", "default": True}), "ticked"),
    (row({"type": 4, "custom_id": "a", "style": 1, "label": "A label"}), "input"),
]


def modal(*components: object) -> Modal:
    return Modal.model_validate({"custom_id": "m", "title": "<T>", "components": components})


@pytest.mark.parametrize(("component", "kind"), FIELDS, ids=lambda one: str(one)[:30])
def test_every_field_of_a_form_is_drawn(component: dict[str, object], kind: str) -> None:
    seen = Seen(draw_modal(modal(component), APP))
    assert kind in seen.classes
    assert "A label" in seen.text
    assert ("Yes" in seen.text) == ("options" in str(component))
    assert ("Who <it> was" in seen.text) == ("description" in component)


def test_a_form_says_what_it_takes() -> None:
    files = label({"type": 19, "custom_id": "a", "max_values": 3, "required": False})
    assert "drop up to 3 files here" in Seen(draw_modal(modal(files), APP)).text
    tick = label({"type": 23, "custom_id": "a"})
    # Nobody has to tick a single box.
    assert "A label *" not in Seen(draw_modal(modal(tick), APP)).text
    line = label({"type": 4, "custom_id": "a", "style": 1, "value": 'as "before"'})
    seen = Seen(draw_modal(modal(line), APP))
    assert seen.values("value") == ['as "before"']
    assert "A label *" in seen.text


def test_a_text_of_several_lines_keeps_what_stands_in_it() -> None:
    area = {"type": 4, "custom_id": "a", "style": 2, "value": "\n</textarea>", "placeholder": '"'}
    drawn = draw_modal(modal(label({**area, "min_length": 2, "required": False})), APP)
    seen = Seen(drawn)
    # A browser drops the first line feed of an area.
    assert "\n\n</textarea>" in seen.text
    assert seen.values("placeholder") == ['"']
    assert seen.values("minlength") == ["2"]
    assert " *" not in seen.text


async def test_suggestions_are_drawn_by_their_names(
    wire: Wire, anna: Person, general: Channel, used: Interaction
) -> None:
    assert used
    typing = anna.autocomplete(general, "ask", question="wal")
    await wire.answer(typing, 8, {"choices": [{"name": "<Walking>", "value": "entry-id"}]})
    drawn = draw_choices(await typing.choices(), "/ask question: wal")
    assert Seen(drawn).text == "<Walking>/ask question: wal"
    assert "entry-id" not in drawn
    assert Seen(draw_choices([])).text == "No options match your search."


# The page.


def everything(sandbox: Sandbox, channel: Channel) -> Sequence[str]:
    """Return drawings in which each kind of thing is found."""
    options = [{"label": "Yes", "value": "y", "description": "d", "emoji": {"name": "🧠"}}]
    picture = {"media": {"url": "https://a.example/brain.png"}}
    card = {
        "type": 17,
        "accent_color": 5,
        "components": [
            text("# a\n-# b\n> c\n- d\n`e` ||f|| <t:5> <@5> https://a.example\n```g```"),
            {"type": 9, "components": [text("x")], "accessory": {"type": 11, **picture}},
            {"type": 12, "items": [picture]},
            {"type": 13, "file": {"url": "attachment://a.pdf"}},
            {"type": 14},
            row({"type": 3, "custom_id": "a", "options": options, "disabled": True}),
            row(button(), {"type": 2, "style": 5, "label": "x", "url": "https://a.example"}),
        ],
    }
    fields = [{"name": "n", "value": "v", "inline": True}]
    embed = {"title": "t", "footer": {"text": "f"}, "author": {"name": "a"}, "fields": fields}
    old = shown(sandbox, channel, text("x"))
    old.embeds = (Embed.model_validate(embed),)
    return [
        draw_message(shown(sandbox, channel, card)),
        draw_message(old),
        draw_modal(modal(*(component for component, _ in FIELDS[:5])), APP),
        draw_choices([Choice(name="a", value="b")], "typed"),
        draw_choices([]),
    ]


UNSTYLED: Final = {
    *("texts", "inline", "line", "emoji", "gap", "address", "secondary", "radio", "checkbox"),
    *("preview", "heading", "arrow"),
}
"""Classes that look as everything around them does, or that a rule names by their place."""


def test_the_stylesheet_knows_everything_that_is_drawn(sandbox: Sandbox, general: Channel) -> None:
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", stylesheet()))
    used = Seen("".join(everything(sandbox, general))).classes
    assert used - known - UNSTYLED == set()


def test_a_page_shows_each_example_twice_and_fetches_nothing(
    sandbox: Sandbox, general: Channel
) -> None:
    drawings = everything(sandbox, general)
    examples = [Example(f"<{place}>", one, "A & note") for place, one in enumerate(drawings)]
    whole = page("A <page>", examples)
    assert all(whole.count(one) == 2 for one in drawings)
    seen = Seen(whole.removeprefix("<!doctype html>\n"))
    assert seen.values("src") == []
    assert not set(seen.tags) & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()
    assert any("default-src 'none'" in one for one in seen.values("content"))
    assert [one for one in seen.tags if one == "figure"] == ["figure"] * 2 * len(drawings)
    ids = seen.values("id")
    assert len(set(ids)) == len(ids)
    assert {f"#{one}" for one in ids} <= set(seen.values("href"))
    assert "A <page>" in seen.text
    assert seen.text.count("A & note") == len(drawings)


def test_a_page_without_notes_has_none() -> None:
    assert 'class="note"' not in page("t", [Example("h", draw_choices([]))])
