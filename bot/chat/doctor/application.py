"""How the bot's application is set up on Discord's pages for developers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discord import Permissions

from bot.chat.doctor.findings import Finding, doubtful, fine, listed, wrong
from bot.chat.inviting import NEEDED, NEEDED_WORDS, SCOPES, invite_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from discord import AppInfo
    from discord.appinfo import AppInstallParams

_PUBLIC: Final = "Who may add it"
_CODE_GRANT: Final = "Code grant"
_INTENTS: Final = "Intents"
_ENDPOINT: Final = "Interactions address"
_SERVERS: Final = "Server install"
_ACCOUNTS: Final = "User install"
_BUTTON: Final = "Add App button"
_COMMANDS_SCOPE: Final = "applications.commands"


def examine_application(app: AppInfo) -> Iterator[Finding]:
    """Yield what there is to say of each setting that the bot depends on."""
    yield _public(app)
    yield _code_grant(app)
    yield _intents(app)
    yield _endpoint(app)
    yield from _installs(app)
    if app.guild_integration_config or app.install_params:
        yield _button(app)
    yield fine("Invite link", invite_link(app.id))


def page(app: AppInfo, name: str) -> str:
    """Return where this application's page of that name is."""
    return f"https://discord.com/developers/applications/{app.id}/{name}"


def missing_words(permissions: Permissions) -> list[str]:
    """Return what the bot needs beyond these permissions, as Discord calls it."""
    return [words for name, words in NEEDED_WORDS.items() if not getattr(permissions, name)]


def _quoted(names: Iterable[str]) -> str:
    return listed([f"“{name}”" for name in names])


def _public(app: AppInfo) -> Finding:
    if app.bot_public:
        return fine(_PUBLIC, "Everybody who has the invite link can add the bot to their server.")
    return doubtful(
        _PUBLIC,
        "Only you can add the bot to a server.",
        "Leave it as it is; or, if other communities shall add it themselves, switch on “Public "
        f"Bot” at {page(app, 'bot')}",
    )


def _code_grant(app: AppInfo) -> Finding:
    if not app.bot_require_code_grant:
        return fine(_CODE_GRANT, "The invite link works without a web page of your own.")
    return wrong(
        _CODE_GRANT,
        "“Requires OAuth2 Code Grant” is on, so the invite link fails.",
        f"Switch it off at {page(app, 'bot')}",
    )


def _intents(app: AppInfo) -> Finding:
    flags = app.flags
    on = {
        "Presence Intent": flags.gateway_presence or flags.gateway_presence_limited,
        "Server Members Intent": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "Message Content Intent": flags.gateway_message_content
        or flags.gateway_message_content_limited,
    }
    names = [name for name, is_on in on.items() if is_on]
    if not names:
        return fine(_INTENTS, "No privileged intent is on; the bot needs none.")
    verb = "is" if len(names) == 1 else "are"
    return doubtful(
        _INTENTS,
        f"{_quoted(names)} {verb} on. The bot needs none of them, and members' data is safest "
        "where it is not sent.",
        f"Switch off all three under “Privileged Gateway Intents” at {page(app, 'bot')}",
    )


def _endpoint(app: AppInfo) -> Finding:
    if not app.interactions_endpoint_url:
        return fine(_ENDPOINT, "None is set, so uses of the commands reach the bot.")
    return wrong(
        _ENDPOINT,
        "An “Interactions Endpoint URL” is set, so Discord sends every use of a command and every "
        "press of a button there, and none to the bot.",
        f"Empty that field, and save, at {page(app, 'information')}",
    )


def _installs(app: AppInfo) -> Iterator[Finding]:
    servers, accounts = app.guild_integration_config, app.user_integration_config
    where = f"under “Installation Contexts” at {page(app, 'installation')}"
    if servers is None and accounts is None:
        told = "Discord does not say whether the bot can be added to servers and to accounts."
        mend = f"Look whether “Guild Install” and “User Install” are ticked {where}"
        yield doubtful(_SERVERS, told, mend)
        return
    if servers is None:
        told = "The bot cannot be added to any server."
        yield wrong(_SERVERS, told, f"Tick “Guild Install” {where}")
    else:
        yield fine(_SERVERS, "The bot can be added to servers.")
    if accounts is None:
        told = "People cannot add the bot to their own account, to use it where it is not."
        yield doubtful(_ACCOUNTS, told, f"Tick “User Install” {where}")
    else:
        yield fine(_ACCOUNTS, "People can add the bot to their own account.")


def _button(app: AppInfo) -> Finding:
    """Judge what “Add App” on the bot's profile asks a server for."""
    where = f"at {page(app, 'installation')}"
    if app.custom_install_url:
        return doubtful(
            _BUTTON,
            "The button leads to an address of your own, which cannot be judged here.",
            f"Choose “Discord Provided Link” as the install link {where}",
        )
    servers = app.guild_integration_config
    params = servers.oauth2_install_params if servers else app.install_params
    least = (
        f"the scopes {' and '.join(SCOPES)} and the permissions {listed([*NEEDED_WORDS.values()])}"
    )
    mend = f"Under “Default Install Settings”, “Guild Install”, choose {least}, {where}"
    if params is None:
        told = "The button on the bot's profile asks for nothing."
        return doubtful(_BUTTON, told, f"Use the invite link below instead; or: {mend}")
    return (
        _asked_for(params, mend)
        or _by_account(app, where)
        or fine(_BUTTON, "It asks for what the bot needs, and for nothing more.")
    )


def _asked_for(params: AppInstallParams, mend: str) -> Finding | None:
    scopes = [scope for scope in SCOPES if scope not in params.scopes]
    if scopes:
        plural = "s" if len(scopes) > 1 else ""
        told = f"Who adds the bot with it gets no working bot: it lacks the scope{plural} "
        return wrong(_BUTTON, f"{told}{listed(scopes)}.", mend)
    if params.permissions.administrator:
        told = "It asks for “Administrator”, which lets the bot do everything in a server."
        return doubtful(_BUTTON, told, mend)
    missing = missing_words(params.permissions)
    if missing:
        return wrong(_BUTTON, f"It does not ask for {_quoted(missing)}.", mend)
    extra = Permissions(params.permissions.value & ~NEEDED.value)
    if extra.value:
        names = [name.replace("_", " ").title() for name, granted in extra if granted]
        return doubtful(_BUTTON, f"It asks for more than the bot needs: {_quoted(names)}.", mend)
    return None


def _by_account(app: AppInfo, where: str) -> Finding | None:
    accounts = app.user_integration_config
    params = accounts.oauth2_install_params if accounts else None
    if params is None or _COMMANDS_SCOPE in params.scopes:
        return None
    return wrong(
        _BUTTON,
        "Who adds the bot to their own account with it gets no commands.",
        "Under “Default Install Settings”, “User Install”, choose the scope "
        f"{_COMMANDS_SCOPE}, {where}",
    )
