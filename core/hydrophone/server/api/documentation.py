"""The page for people at `/api/docs`, made from the schema: nothing is loaded, and nothing runs."""

import re
from html import escape
from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

_Schema = dict[str, Any]
_STYLE = """
  :root { color-scheme: light dark; }
  body { font: 1rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2.5rem auto;
         padding: 0 1.25rem; overflow-wrap: anywhere; }
  h2 { margin-top: 2.5rem; } h3 { margin: 1.75rem 0 .25rem; font-size: 1.05rem; }
  p { margin: .35rem 0; white-space: pre-line; }
  code, .method { font: .92em ui-monospace, monospace; }
  .method { font-weight: 700; margin-right: .5em; }
  table { border-collapse: collapse; margin: .5rem 0; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0;
           border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
  th { font-weight: 500; opacity: .7; } nav a { margin-right: 1rem; white-space: nowrap; }
"""
_METHODS = ("get", "post", "put", "patch", "delete")


class DocumentationPage(OpenAPIRenderPlugin):
    """Writes the schema as one page of HTML."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: _Schema) -> bytes:
        """Return the page."""
        address = request.url.path.rstrip("/")
        return "".join(_page(openapi_schema, f"{address}/openapi.json")).encode()


def _page(schema: _Schema, source: str) -> list[str]:
    title = escape(schema["info"]["title"])
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}',
        f"</style><h1>{title}</h1><p>{_prose(schema['info']['description'])}</p>",
        f'<p>The same for programs: <a href="{escape(source)}">openapi.json</a></p>',
    ]
    by_tag: dict[str, list[str]] = {}
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                tag = operation["tags"][0]
                by_tag.setdefault(tag, []).extend(_operation(method, path, operation))
    parts += ["<nav>", *(f'<a href="#{tag}">{tag}</a> ' for tag in by_tag)]
    parts.append('<a href="#structures">structures</a></nav>')
    for tag, operations in by_tag.items():
        parts += [f'<h2 id="{escape(tag)}">{escape(tag).capitalize()}</h2>', *operations]
    parts.append('<h2 id="structures">Structures</h2>')
    for name, structure in schema["components"]["schemas"].items():
        parts += _structure(name, structure)
    return parts


def _prose(text: str) -> str:
    """Write what the schema has as Markdown: of that, it uses code alone."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _operation(method: str, path: str, operation: _Schema) -> list[str]:
    parts = [
        f'<h3><span class="method">{method.upper()}</span><code>{escape(path)}</code></h3>',
        f"<p>{_prose(operation.get('description', ''))}</p>",
    ]
    rows = [
        (f"{one['name']} ({one['in']})", _type(one.get("schema", {})), one.get("description", ""))
        for one in operation.get("parameters", ())
    ]
    if "requestBody" in operation:
        rows.append(("body", _content(operation["requestBody"]), ""))
    rows += [
        (f"answer {status}", _content(answer), answer.get("description", ""))
        for status, answer in operation["responses"].items()
    ]
    return [*parts, _table(rows)]


def _structure(name: str, schema: _Schema) -> list[str]:
    required = schema.get("required", ())
    rows = [
        (
            field if field in required else f"{field} (optional)",
            _type(details),
            details.get("description", ""),
        )
        for field, details in schema.get("properties", {}).items()
    ]
    if "enum" in schema:
        rows.append(("one of", " | ".join(map(str, schema["enum"])), ""))
    heading = f'<h3 id="{escape(name)}"><code>{escape(name)}</code></h3>'
    return [heading, f"<p>{escape(schema.get('description', ''))}</p>", _table(rows)]


def _content(body: _Schema) -> str:
    types = [_type(content.get("schema", {})) for content in body.get("content", {}).values()]
    return " or ".join(dict.fromkeys(types))


def _type(schema: _Schema) -> str:
    """Write a schema as a type, in HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for combination in ("oneOf", "anyOf"):
        if combination in schema:
            return " or ".join(_type(one) for one in schema[combination])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kinds = schema.get("type", "any")
    return escape(kinds if isinstance(kinds, str) else " or ".join(kinds))


def _table(rows: list[tuple[str, str, str]]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{kind}</td><td>{_prose(about)}</td></tr>"
        for name, kind, about in rows
    )
    return f"<table>{cells}</table>"
