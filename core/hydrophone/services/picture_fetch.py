"""Fetches pictures from other servers."""

import logging

from hydrophone.domain.units import ByteCount, Seconds
from hydrophone.errors import InvalidInputError, ProviderError
from hydrophone.outbound import Outbound

logger = logging.getLogger(__name__)

LARGEST = ByteCount(16 * 1024 * 1024)
_TIME_LIMIT = Seconds(10.0)
_NO_PICTURE = ("text/", "application/json", "application/xml")
"""Pages that say `sorry` with status 200."""


async def fetch_picture(outbound: Outbound, url: str, *, whose: str) -> bytes:
    """Return the bytes of a picture; none if it cannot be had within 10 seconds.

    `whose` it is stands in the log.
    """
    try:
        document = await outbound.fetch(url, largest=LARGEST, time_limit=_TIME_LIMIT)
    except (ProviderError, InvalidInputError) as error:
        logger.info("%s: no picture: %s", whose, error)
        return b""
    if document.content_type.startswith(_NO_PICTURE):
        logger.info("%s: no picture: %s", whose, document.content_type)
        return b""
    return document.content
