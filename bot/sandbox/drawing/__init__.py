"""Messages, modals and suggestions of the sandbox drawn as HTML, laid out as Discord does.

It knows what the sandbox keeps and nothing of the bot. Discord's client is no public standard:
widths, gaps and colours are read off it, close enough to show what would look bad there.
"""

from bot.sandbox.drawing.chat import draw_message
from bot.sandbox.drawing.pages import Example, page, stylesheet
from bot.sandbox.drawing.windows import draw_choices, draw_modal

__all__ = ["Example", "draw_choices", "draw_message", "draw_modal", "page", "stylesheet"]
