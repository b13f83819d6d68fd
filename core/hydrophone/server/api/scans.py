"""Scans of the libraries, and what they have to report."""

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import Body, FromQuery
from litestar.status_codes import HTTP_202_ACCEPTED
from msgspec import Struct

from hydrophone.domain.library import Page, ScanStatus
from hydrophone.domain.report import Duplicates, Remark, RemarkKind
from hydrophone.domain.user import User
from hydrophone.server.api.authentication import admins_only
from hydrophone.server.api.paging import Offset, Size
from hydrophone.server.wiring import Server


class NewScan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to scan."""

    full: bool = False
    """Whether to read all files, also those that look unchanged."""


@get("/", summary="How far the libraries are known")
async def scan_status(viewer: NamedDependency[User], server: NamedDependency[Server]) -> ScanStatus:
    """Return whether a scan is running, and how many tracks one may see. Admins see problems."""
    return server.services.scans.status(viewer)


@post("/", summary="Scan", guards=[admins_only], status_code=HTTP_202_ACCEPTED)
async def start_scan(
    viewer: NamedDependency[User],
    server: NamedDependency[Server],
    data: Annotated[NewScan, Body()],
) -> ScanStatus:
    """Look at all libraries now; nothing happens while they are being looked at."""
    await server.services.scans.start(viewer, full=data.full)
    return server.services.scans.status(viewer)


@get("/remarks", summary="Files that may want looking after", guards=[admins_only])
async def list_remarks(
    server: NamedDependency[Server],
    kind: FromQuery[RemarkKind | None] = None,
    offset: Offset = 0,
    size: Size = 100,
) -> tuple[Remark, ...]:
    """List remarks on files by kind, library and path; a short page is the last one."""
    return await server.services.scan_reports.remarks(Page(offset=offset, size=size), kind)


@get("/duplicates", summary="Files with the same sound", guards=[admins_only])
async def list_duplicates(
    server: NamedDependency[Server], offset: Offset = 0, size: Size = 100
) -> tuple[Duplicates, ...]:
    """List groups of files with the same sound; a short page is the last one."""
    return await server.services.scan_reports.duplicates(Page(offset=offset, size=size))


router = Router(
    "/scan",
    route_handlers=[scan_status, start_scan, list_remarks, list_duplicates],
    tags=["scans"],
)
