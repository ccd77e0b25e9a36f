"""People and bots."""

from dataclasses import dataclass


@dataclass(eq=False)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    has_app: bool = False
    """Whether this person installed the app on their own account."""
    blocks_bot: bool = False
    """Whether this person takes no direct messages from the bot."""

    @property
    def mention(self) -> str:
        """What one writes to mention this user."""
        return f"<@{self.id}>"

    def __str__(self) -> str:
        return self.name
