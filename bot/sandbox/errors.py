"""What Discord answers when it refuses: one exception, and a name for each refusal we know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.sandbox.shapes import JsonObject

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One unfit field of a request."""

    path: Path
    code: str
    message: str

    def within(self, *outer: str | int) -> "Problem":
        """Return the same problem, seen from an enclosing object."""
        return Problem((*outer, *self.path), self.code, self.message)

    def inside(self) -> "Problem":
        """Return the same problem, seen from one step further in."""
        return Problem(self.path[1:], self.code, self.message)


class RefusedError(Exception):
    """An answer of 4xx with Discord's own code."""

    def __init__(
        self, status: int, code: int, message: str, errors: JsonObject | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.body: JsonObject = {"message": message, "code": code}
        if errors is not None:
            self.body["errors"] = errors


def invalid_form(problems: Iterable[Problem]) -> RefusedError:
    """Name every unfit field at once, each in its place."""
    return RefusedError(400, 50035, "Invalid Form Body", _tree(tuple(problems)))


def _tree(problems: Sequence[Problem]) -> JsonObject:
    tree: JsonObject = {
        str(step): _tree([problem.inside() for problem in problems if problem.path[:1] == (step,)])
        for step in dict.fromkeys(problem.path[0] for problem in problems if problem.path)
    }
    here = [problem for problem in problems if not problem.path]
    if here:
        tree["_errors"] = [{"code": one.code, "message": one.message} for one in here]
    return tree


def unauthorized() -> RefusedError:
    """Say that the token is missing or wrong."""
    return RefusedError(401, 0, "401: Unauthorized")


def no_such_address() -> RefusedError:
    """Say that Discord has no such address, or the sandbox does not play it."""
    return RefusedError(404, 0, "404: Not Found")


def no_such_method() -> RefusedError:
    """Say that the address exists, but not for this method."""
    return RefusedError(405, 0, "405: Method Not Allowed")


def not_json() -> RefusedError:
    """Say that the body cannot be read."""
    return RefusedError(400, 50109, "The request body contains invalid JSON.")


def too_large() -> RefusedError:
    """Say that a file or the whole request is too large."""
    return RefusedError(413, 40005, "Request entity too large")


def unknown_channel() -> RefusedError:
    """Say that there is no such channel."""
    return RefusedError(404, 10003, "Unknown Channel")


def unknown_server() -> RefusedError:
    """Say that there is no such server, or the bot is not in it."""
    return RefusedError(404, 10004, "Unknown Guild")


def unknown_member() -> RefusedError:
    """Say that nobody has that id in this server."""
    return RefusedError(404, 10007, "Unknown Member")


def unknown_message() -> RefusedError:
    """Say that there is no such message here, or it was deleted, or only one member can see it."""
    return RefusedError(404, 10008, "Unknown Message")


def unknown_user() -> RefusedError:
    """Say that nobody has that id."""
    return RefusedError(404, 10013, "Unknown User")


def unknown_webhook() -> RefusedError:
    """Say that no interaction has this token, or it has not been acknowledged yet."""
    return RefusedError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> RefusedError:
    """Say that there is no such interaction, or its three seconds are over."""
    return RefusedError(404, 10062, "Unknown interaction")


def unknown_command() -> RefusedError:
    """Say that there is no such command."""
    return RefusedError(404, 10063, "Unknown application command")


def already_acknowledged() -> RefusedError:
    """Say that an interaction has one callback."""
    return RefusedError(400, 40060, "Interaction has already been acknowledged.")


def too_many_followups() -> RefusedError:
    """Say that an app follows up at most five times where only a member brought it."""
    return RefusedError(
        400, 40094, "This interaction has reached the maximum number of follow-up messages"
    )


def missing_access() -> RefusedError:
    """Say that the bot cannot see this place."""
    return RefusedError(403, 50001, "Missing Access")


def not_the_author() -> RefusedError:
    """Say that only the author edits a message."""
    return RefusedError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> RefusedError:
    """Say that there is nothing to show."""
    return RefusedError(400, 50006, "Cannot send an empty message")


def cannot_message_user() -> RefusedError:
    """Say that this person takes no direct messages from the bot."""
    return RefusedError(403, 50007, "Cannot send messages to this user")


def missing_permissions() -> RefusedError:
    """Say that the bot sees the place but may not do this there."""
    return RefusedError(403, 50013, "Missing Permissions")


def expired_token() -> RefusedError:
    """Say that an interaction's token is good for fifteen minutes."""
    return RefusedError(401, 50027, "Invalid Webhook Token")


def invalid_recipient() -> RefusedError:
    """Say that there is nobody to open a direct channel with."""
    return RefusedError(400, 50033, "Invalid Recipient(s)")


def too_many_commands(limit: int) -> RefusedError:
    """Say that Discord keeps so many commands of one kind and no more."""
    return RefusedError(400, 30032, f"Maximum number of application commands reached ({limit}).")


def entry_point_left_out() -> RefusedError:
    """Say that an activity's command stays when all the others are replaced."""
    return RefusedError(
        400,
        50240,
        "You cannot remove this app's Entry Point command in a bulk update operation. Please "
        "include the Entry Point command in your update request or delete it separately.",
    )


def cannot_reply_without_history() -> RefusedError:
    """Say that a reply needs to see what it replies to."""
    return RefusedError(403, 160002, "Cannot reply without permission to read message history")
