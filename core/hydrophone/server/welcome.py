"""The page that a browser gets at the server's address: what to type into an app."""

from html import escape

from litestar import MediaType, Request, get
from litestar.datastructures import State

from hydrophone import __version__

APP_PASSWORDS = "#app-passwords"
"""Where the page explains app passwords; error 41 leads there."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hydrophone</title>
<link rel="icon" href="data:image/svg+xml,\
<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><text y='14'>♪</text></svg>">
<style>
  :root {{ color-scheme: light dark; }}
  body {{ font: 1.05rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto;
         padding: 0 1.25rem; }}
  h1 {{ font-size: 2rem; margin-bottom: 0; }}
  h2 {{ font-size: 1.15rem; margin-top: 2.25rem; }}
  dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; }}
  dt {{ opacity: .7; }} dd {{ margin: 0; }}
  code {{ font-size: .95em; padding: .1em .35em; border-radius: .3em;
         background: color-mix(in srgb, currentColor 10%, transparent); }}
  code span {{ white-space: nowrap; }}
  footer {{ margin-top: 3rem; font-size: .85rem; opacity: .6; }}
</style>
<h1>Hydrophone</h1>
<p>Your music server is running. Listen with any Subsonic app: DSub, Symfonium, Ultrasonic,
Tempo, Feishin, Strawberry, …</p>
<h2>What to type into the app</h2>
<dl>
  <dt>Server type</dt><dd>Subsonic or OpenSubsonic</dd>
  <dt>Address</dt><dd><code>{address}</code></dd>
  <dt>Name</dt><dd>your account's name; the first one is <code>admin</code></dd>
  <dt>Password</dt><dd>the one that the server showed when the account was made</dd>
</dl>
<h2 id="app-passwords">App passwords and API keys</h2>
<p>Most apps do not send your password but a token made from it. That works only with a password
that the server made, an <em>app password</em>: a password of your own is kept as a hash, from
which no token can be checked. For a new one, run this on the server:</p>
<p><code>hydrophone users app-password NAME <span>--device "My phone"</span></code></p>
<p>An app that logs in by API key gets one by <code>hydrophone users api-key NAME
<span>--device "My phone"</span></code>, and neither name nor password beside it.</p>
<p>Or switch the app to logging in without tokens (“legacy authentication”, “force plain-text
password”).</p>
<footer>Hydrophone {version}</footer>
</html>
"""


@get("/", media_type=MediaType.HTML, sync_to_thread=False)
def welcome(request: Request[object, object, State]) -> str:
    """Tell a person with a browser how to go on."""
    # This page is the root, so what led here is the address, with the path behind a proxy.
    address = str(request.url.with_replacements(query="", fragment="")).rstrip("/")
    return _PAGE.format(address=escape(address), version=escape(__version__))
