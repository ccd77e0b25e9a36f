"""HTTP to the sandbox without a library that would check anything first."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.sandbox import Interaction, Sandbox


@dataclass
class Wire:
    """Sends what it is told to send."""

    sandbox: Sandbox
    session: aiohttp.ClientSession

    async def send(
        self, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> tuple[int, Mapping[str, object]]:
        """Send a request; return the status and the answer."""
        headers = {"Authorization": f"Bot {token or self.sandbox.token}"}
        address = f"{self.sandbox.address}/api/v10{path}"
        async with self.session.request(method, address, json=body, headers=headers) as response:
            return response.status, await response.json() if response.status != 204 else {}

    async def code(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        """Send a request; return the status and Discord's code."""
        status, answer = await self.send(method, path, body)
        return status, answer.get("code")

    async def answer(self, used: Interaction, kind: int, data: object) -> tuple[int, object]:
        """Send a callback; return the status and Discord's code."""
        path = f"/interactions/{used.id}/{used.token}/callback"
        return await self.code("POST", path, {"type": kind, "data": data})
