"""Windows into lists."""

from typing import Annotated

from litestar.params import QueryParameter

LARGEST = 500
"""Items of one page: more would hold up the event loop."""

Offset = Annotated[
    int, QueryParameter(ge=0, le=2**31 - 1, description="How many items of the list to pass over.")
]
Size = Annotated[
    int, QueryParameter(ge=1, le=LARGEST, description="How many items to return at most.")
]
