"""How this deployment differs from any other: the only reader of the environment.

`.env.example` describes each name; a test holds the two together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting cannot be used; the text names it and says what to write."""


class Settings(BaseSettings):
    """The settings of one process, from the environment and `.env`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    discord_token: SecretStr | None = None
    faq_dir: Path = Path("faq")
    database_url: str | None = None
    data_dir: Path = Path("data")
    home_guild_id: int | None = None
    shard_ids: str | None = None
    shard_count: int | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"


def read_settings() -> Settings:
    """Return the settings.

    Raises:
        SettingsError: naming the first setting that cannot be used.

    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        told = first["msg"].removeprefix("Input should be ")
        raise SettingsError(f"{name} cannot be used as it is set: write {told}") from error
