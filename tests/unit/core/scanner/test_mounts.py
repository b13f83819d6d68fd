"""Which file system a folder is on, as proc(5) tells it."""

import pytest

from hydrophone.scanner.mounts import parse, select

MOUNTINFO = r"""
22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/root rw
30 22 0:25 / /mnt/nas\040box rw,relatime shared:9 - nfs4 nas:/music rw,vers=4.2
31 22 8:17 / /srv/music rw,relatime - ext4 /dev/sdb1 rw
32 31 0:40 / /srv/music/far rw,nosuid - fuse.sshfs me@far:/music rw
33 22 8:33 / /srv/musical rw,relatime - fuseblk /dev/sdc1 rw
34 22 0:41 / /srv/dav rw - fuse https://dav.example rw
35 22 0:42 / /srv/pool rw - fuse.mergerfs a:b rw
36 22 8:49 / /srv/over rw - ext4 /dev/sdd1 rw
37 36 0:43 / /srv/over rw master:3 propagate_from:2 - cifs //nas/over rw
""".strip().splitlines()


@pytest.mark.parametrize(
    ("path", "kinds", "network"),
    [
        ("/home/anna/music", ["ext4"], False),
        ("/mnt/nas box/Can", ["nfs4"], True),
        ("/srv/music/Can", ["ext4"], False),
        ("/srv/music", ["ext4", "fuse.sshfs"], True),
        ("/srv/musical", ["fuseblk"], False),
        ("/srv/dav", ["fuse"], True),
        ("/srv/pool/x", ["fuse.mergerfs"], False),
        ("/srv/over", ["cifs"], True),
    ],
)
def test_mounts_of_a_folder(path: str, kinds: list[str], network: bool) -> None:
    mounts = select(parse(MOUNTINFO), path)
    assert [mount.kind for mount in mounts] == kinds
    assert any(mount.is_network for mount in mounts) == network


def test_without_any_mount_nothing_is_known() -> None:
    assert select([], "/srv/music") == ()
