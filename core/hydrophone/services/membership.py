"""Which libraries a user may see: the configuration knows, the database does not."""

from collections.abc import Mapping, Sequence

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.user import User
from hydrophone.storage.queries import users
from hydrophone.storage.queries.users import Account


class Membership:
    """Makes users out of stored accounts."""

    def __init__(self, libraries: Mapping[LibraryId, Sequence[str]]) -> None:
        """`libraries` names the users of each library; an empty list means everybody."""
        self._libraries = {
            library: {users.name_key(name) for name in names}
            for library, names in libraries.items()
        }

    def user(self, account: Account) -> User:
        """Add the libraries of an account, in the order of the configuration."""
        name = users.name_key(account.name)
        return User(
            id=account.id,
            name=account.name,
            email=account.email,
            roles=account.roles,
            libraries=tuple(
                library for library, names in self._libraries.items() if not names or name in names
            ),
            max_bit_rate=account.max_bit_rate,
            created=account.created,
        )
