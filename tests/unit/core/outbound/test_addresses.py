"""Which addresses may be called, in all the ways in which they can be written."""

import pytest

from hydrophone.errors import InvalidInputError
from hydrophone.outbound.addresses import Gatekeeper, is_public, resolve

pytestmark = pytest.mark.anyio

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1",
    "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:a00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "rubbish", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "feed", "file:///etc/passwd", "ftp://example.org/x", "gopher://example.org",
        "javascript:alert(1)", "http://", "http:///x", "http://127.0.0.1/", "http://[::1]:4040/x",
        "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://u:p@192.168.0.1/",
        "http://a.example/" + "x" * 2000, "http://0177.0.0.1/", "http://example.org:99999/",
    ],
)  # fmt: skip
def test_what_is_refused_without_asking_anybody(url: str) -> None:
    with pytest.raises(InvalidInputError):
        Gatekeeper((), resolve).check(url)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1", "0"])
async def test_names_that_are_private_are_found_out(host: str) -> None:
    Gatekeeper((), resolve).check(f"http://{host}/")
    with pytest.raises(InvalidInputError, match="not on the public internet"):
        await Gatekeeper((), resolve).addresses(host, 80)


async def test_of_several_addresses_only_the_public_ones_are_called() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["10.0.0.1", "93.184.216.34", "::1"]

    assert await Gatekeeper((), both).addresses("mixed.example", 80) == ["93.184.216.34"]


async def test_a_listed_place_may_be_private_and_no_other_port_of_it() -> None:
    gatekeeper = Gatekeeper(("NAS.lan:8080", "[::1]:90"), resolve)
    gatekeeper.check("http://[::1]:90/")
    with pytest.raises(InvalidInputError):
        gatekeeper.check("http://[::1]:91/")

    async def private(host: str, port: int) -> list[str]:
        return ["192.168.1.2"]

    gatekeeper = Gatekeeper(("NAS.lan:8080",), private)
    assert await gatekeeper.addresses("nas.lan", 8080) == ["192.168.1.2"]
    with pytest.raises(InvalidInputError):
        await gatekeeper.addresses("nas.lan", 80)
