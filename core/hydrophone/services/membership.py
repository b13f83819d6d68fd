"""Which libraries a user may see: those that the configuration and an admin allow."""

from collections.abc import Collection, Mapping, Sequence

from hydrophone.domain.ids import LibraryId
from hydrophone.domain.user import User
from hydrophone.errors import NotFoundError
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

    def add(self, library: LibraryId) -> None:
        """Take up a library that everybody may see, behind those that are there already."""
        self._libraries.setdefault(library, set())

    def choice(self, libraries: Collection[int]) -> tuple[int, ...] | None:
        """Return an admin's choice as it is stored: `None` if it leaves nothing out.

        Raises NotFoundError if one of them is not configured.
        """
        for library in libraries:
            if library not in self._libraries:
                raise NotFoundError(f"There is no library with the id {library}.")
        if set(libraries) == set(self._libraries):
            return None
        return tuple(sorted(set(libraries)))

    def user(self, account: Account) -> User:
        """Add the libraries of an account, in the order of the configuration.

        The configuration has the last word: an admin's choice can only leave libraries out.
        """
        name = users.name_key(account.name)
        chosen = account.libraries
        return User(
            id=account.id,
            name=account.name,
            email=account.email,
            roles=account.roles,
            libraries=tuple(
                library
                for library, names in self._libraries.items()
                if (not names or name in names) and (chosen is None or library in chosen)
            ),
            max_bit_rate=account.max_bit_rate,
            avatar_changed=account.avatar_changed,
            created=account.created,
        )
