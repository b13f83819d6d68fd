"""The parameters that endpoints have by OpenAPI, and what may come instead of their values."""

import json
from pathlib import Path
from typing import Any

from hydrophone_subsonic.endpoints import ENDPOINTS

OPENAPI = json.loads((Path(__file__).parents[2] / "data" / "spec" / "openapi.json").read_text())

PARAMETERS: dict[str, list[dict[str, Any]]] = {
    one.name: OPENAPI["paths"].get(f"/rest/{one.name}", {}).get("get", {}).get("parameters", [])
    for one in ENDPOINTS
    if not one.fails_by_status
}
"""By the names of the endpoints that there are, but for those that fail by HTTP's own status."""
ALL = [(endpoint, one) for endpoint, those in PARAMETERS.items() for one in those]
IDS = [(endpoint, one["name"]) for endpoint, one in ALL if one["name"].lower().endswith("id")]

NUMBERS = [
    (endpoint, one["name"])
    for endpoint, one in ALL
    if one["schema"].get("type") in ("integer", "number") or one["name"] == "musicFolderId"
]

HOSTILE_IDS = [
    "nothing",
    "tr-aaaaaaaaaaaaa",
    "al-zzzzzzzzzzzzz",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "/etc/passwd",
    "tr-../../../x",
    "tr-AAAAAAAAAAAAA",
    "tr-aaaaaaaaaaaaa\n",
    "' OR 1=1 --",
    '"; DROP TABLE track; --',
    "-1",
    "0",
    "null",
    "[object Object]",
    "\uff05\uff10\uff10",
    "\U0001d565\U0001d563-",
    "x" * 10_000,
]

HOSTILE_NUMBERS = [
    "-1", "-999999999999", str(10**30), str(-(10**30)), "9" * 400, "9223372036854775808", "1.5",
    "1e9", "NaN", "inf", "-inf", "0x10", "1_000", " 1", "+1", "٣", "one", "true", "١٢", "--1", "-",
]  # fmt: skip
