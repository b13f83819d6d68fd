"""Describes bodies that are files."""

from dataclasses import dataclass
from typing import ClassVar

from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)


@dataclass
class TakesFile(Operation):
    """An operation whose body is read as bytes, of which Litestar knows nothing."""

    kinds: ClassVar[tuple[str, ...]]
    """Media types, which may end in `/*`."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content=dict.fromkeys(self.kinds, file), required=True)
