"""The part of the composition that knows people: their accounts, devices and logins."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from hydrophone.config import Config
from hydrophone.domain.device import LostDevice
from hydrophone.domain.library import Library
from hydrophone.services.accounts import Accounts
from hydrophone.services.avatars import Avatars
from hydrophone.services.clock import Clock
from hydrophone.services.credentials import SecretKey, load_key
from hydrophone.services.device_use import DeviceUse
from hydrophone.services.devices import Devices
from hydrophone.services.login_passwords import LoginPasswords
from hydrophone.services.logins import Logins
from hydrophone.services.membership import Membership
from hydrophone.services.password_hashing import PasswordHashing
from hydrophone.services.rendering import Renderer
from hydrophone.services.throttle import Throttle
from hydrophone.storage.database import Database
from hydrophone.storage.queries.devices import BESIDE_LABEL, LOGIN_LABEL

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class People:
    """What has to do with accounts."""

    accounts: Accounts
    avatars: Avatars
    renderer: Renderer
    """Of avatars and covers; to be closed."""
    devices: Devices
    logins: Logins
    device_use: DeviceUse
    membership: Membership
    libraries: tuple[Library, ...]
    """Those that are configured, and for commands others, too: by these names people choose."""
    key: SecretKey


def build_people(
    config: Config,
    database: Database,
    registered: Sequence[Library],
    clock: Clock,
    *,
    sources: Sequence[Library] = (),
) -> People:
    """Build all that has to do with accounts; a server adds `sources` as it finds them.

    Blocking, shortly. Raises StorageError if the key file cannot be used.
    """
    key = load_key(config.server.data_dir)
    names = {library.name: library.users for library in config.libraries}
    membership = Membership({library.id: names[library.name] for library in registered})
    for source in sources:
        membership.add(source.id)
    hashing = PasswordHashing()
    renderer = Renderer()
    device_use = DeviceUse(database=database, clock=clock)
    logins = Logins(
        database=database,
        key=key,
        clock=clock,
        hashing=hashing,
        membership=membership,
        uses=device_use,
        throttle=Throttle(),
        mechanisms=config.auth.mechanisms,
        recoverable_passwords=config.auth.recoverable_passwords,
    )
    return People(
        accounts=Accounts(
            database=database,
            clock=clock,
            passwords=LoginPasswords(
                key=key,
                clock=clock,
                hashing=hashing,
                recoverable=config.auth.recoverable_passwords,
            ),
            membership=membership,
            logins=logins,
        ),
        avatars=Avatars(database=database, clock=clock, renderer=renderer),
        renderer=renderer,
        devices=Devices(database=database, key=key, clock=clock, logins=logins),
        logins=logins,
        device_use=device_use,
        membership=membership,
        libraries=(*registered, *sources),
        key=key,
    )


def warn_of_lost(lost: Sequence[LostDevice]) -> None:
    """Say which app passwords the key file cannot open, and what to do."""
    if not lost:
        return
    logger.warning(
        "The key file is not the one that these app passwords were encrypted under, so they work "
        "no more: %s. Bring the right key file back and restart, or make a new one for each by "
        "`hydrophone users app-password NAME --device DEVICE` (for %r and %r by `hydrophone users "
        "passwd NAME`). Login passwords and API keys still work.",
        "; ".join(f"{one.user_name}: {one.name}" for one in lost),
        LOGIN_LABEL,
        BESIDE_LABEL,
    )
