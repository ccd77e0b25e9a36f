"""Another client library lives in the sandbox: it is Discord-shaped, not only discord.py-shaped.

Run with the sandbox's address and token. It logs in, registers `/ping`, answers it, and ends well
when it has answered twice; the test breaks its connection between the two.
"""

import asyncio
import sys

import hikari

_TIMES = 2


async def live(address: str, token: str) -> None:
    """Answer `/ping` twice, then end."""
    bot = hikari.GatewayBot(
        token,
        banner=None,
        intents=hikari.Intents.GUILDS,
        rest_url=f"{address}/api/v10",
        suppress_optimization_warning=True,
        logs="WARNING",
    )
    answered = asyncio.Semaphore(0)

    @bot.listen()
    async def on_starting(_: hikari.StartedEvent) -> None:
        application = await bot.rest.fetch_application()
        command = bot.rest.slash_command_builder("ping", "Answers")
        await bot.rest.set_application_commands(application.id, [command])

    @bot.listen()
    async def on_use(event: hikari.InteractionCreateEvent) -> None:
        if isinstance(event.interaction, hikari.CommandInteraction):
            kind = hikari.ResponseType.MESSAGE_CREATE
            await event.interaction.create_initial_response(kind, "pong")
            answered.release()

    await bot.start(check_for_updates=False)
    for _time in range(_TIMES):
        await answered.acquire()
    await bot.close()


if __name__ == "__main__":
    asyncio.run(live(*sys.argv[1:]))
