"""What keeps the bot from working, in words for whoever runs it, and how each is mended."""

from bot.chat.doctor.examination import examine
from bot.chat.doctor.findings import Finding
from bot.chat.doctor.premises import Premises

__all__ = ["Finding", "Premises", "examine"]
