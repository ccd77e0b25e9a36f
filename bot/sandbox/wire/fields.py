"""What the models of request bodies are made of."""

from collections.abc import Sized
from typing import Annotated, Final, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
)
from pydantic_core import PydanticCustomError

from bot.sandbox.shapes import JsonObject

LINK_SCHEMES: Final = ("http", "https", "discord")


class Wire(BaseModel):
    """Something a bot sends. Fields that Discord does not know are passed over, as it does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def json_object(self) -> JsonObject:
        """Return it as Discord would send it back."""
        return self.model_dump(mode="json", exclude_none=True)


def between(low: int, high: int) -> AfterValidator:
    """Require that a text or list is so long."""

    def check(value: Sized) -> Sized:
        if len(value) > high and not low:
            raise PydanticCustomError(
                "BASE_TYPE_MAX_LENGTH", "Must be {high} or fewer in length.", {"high": high}
            )
        if not low <= len(value) <= high:
            raise PydanticCustomError(
                "BASE_TYPE_BAD_LENGTH",
                "Must be between {low} and {high} in length.",
                {"low": low, "high": high},
            )
        return value

    return AfterValidator(check)


def _whole_number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _allowed_scheme(url: str) -> str:
    scheme = url.partition(":")[0].lower()
    if scheme not in LINK_SCHEMES:
        raise PydanticCustomError(
            "URL_TYPE_INVALID_SCHEME",
            "Scheme '{scheme}' is not supported. Scheme must be one of {schemes}.",
            {"scheme": scheme, "schemes": str(LINK_SCHEMES)},
        )
    return url


Snowflake: TypeAlias = Annotated[
    int,
    # Discord's description says string; the clients also send numbers, and Discord takes them.
    BeforeValidator(_whole_number),
    PlainSerializer(str, return_type=str, when_used="json"),
]
CustomId: TypeAlias = Annotated[str, between(1, 100)]
Link: TypeAlias = Annotated[str, between(1, 512), AfterValidator(_allowed_scheme)]
Colour: TypeAlias = Annotated[int, Field(ge=0, le=0xFFFFFF)]
