"""The shape of what goes over the wire."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
"""Whatever JSON can say."""

JsonObject: TypeAlias = dict[str, Json]
"""An object we put together ourselves."""
