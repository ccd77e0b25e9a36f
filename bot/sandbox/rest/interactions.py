"""Callbacks and the webhook of an interaction."""

from bot.sandbox.answers import Answers
from bot.sandbox.message_payloads import callback_json, message_json
from bot.sandbox.rest.door import Call, Route
from bot.sandbox.shapes import Json

_ORIGINAL = "@original"


class InteractionRoutes:
    """What a bot may do with an interaction's token."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def routes(self) -> list[Route]:
        """Return every address."""
        webhook = "/webhooks/{app}/{token}"
        message = webhook + "/messages/{message}"
        callback = "/interactions/{interaction}/{token}/callback"
        return [
            Route("POST", callback, self._callback, open=True),
            Route("POST", webhook, self._followup, open=True),
            Route("GET", message, self._find, open=True),
            Route("PATCH", message, self._edit, open=True),
            Route("DELETE", message, self._delete, open=True),
        ]

    def _callback(self, call: Call) -> Json:
        interaction = self._answers.callback(
            call.id("interaction"), call.names["token"], call.parcel
        )
        return callback_json(interaction) if call.asks("with_response") else None

    def _followup(self, call: Call) -> Json:
        return message_json(self._answers.followup(call.names["token"], call.parcel))

    def _find(self, call: Call) -> Json:
        return message_json(self._answers.find(call.names["token"], _number(call)))

    def _edit(self, call: Call) -> Json:
        found = self._answers.edit(call.names["token"], _number(call), call.parcel)
        return message_json(found)

    def _delete(self, call: Call) -> Json:
        self._answers.delete(call.names["token"], _number(call))
        return None


def _number(call: Call) -> int | None:
    return None if call.names["message"] == _ORIGINAL else call.id("message")
