"""A Discord in miniature on this machine: tests and the demonstration stand on it.

It plays Discord to one bot, over REST and gateway, and refuses what Discord refuses. The other
side of it is people: they talk, use commands, press and choose, and wait for what the bot does.
`bot.sandbox.library` points discord.py at it.
"""

from bot.sandbox import errors
from bot.sandbox.availability import CannotDoError
from bot.sandbox.clock import Clock
from bot.sandbox.faults import (
    Refusal,
    ResetConnection,
    ServerError,
    SlowAnswer,
    TooManyRequests,
)
from bot.sandbox.gateway.hub import GatewayRules
from bot.sandbox.gateway.intents import Intents
from bot.sandbox.interactions import Interaction
from bot.sandbox.messages import Message, Upload
from bot.sandbox.people import Person
from bot.sandbox.permissions import Permission
from bot.sandbox.places import Channel, Server
from bot.sandbox.sandbox import Addresses, Sandbox
from bot.sandbox.world import Application, Install

__all__ = [
    "Addresses",
    "Application",
    "CannotDoError",
    "Channel",
    "Clock",
    "GatewayRules",
    "Install",
    "Intents",
    "Interaction",
    "Message",
    "Permission",
    "Person",
    "Refusal",
    "ResetConnection",
    "Sandbox",
    "Server",
    "ServerError",
    "SlowAnswer",
    "TooManyRequests",
    "Upload",
    "errors",
]
