"""Whether a plugin was written for this version of the plugin API."""

from hydrophone.errors import PluginError
from hydrophone.plugin import PLUGIN_API, Manifest


def check_api(manifest: Manifest) -> None:
    """See that the major version is ours and the minor one no newer.

    Raises:
        PluginError: It is not; the sentence says what has to be updated.
    """
    major, minor = PLUGIN_API
    wanted = ".".join(str(part) for part in manifest.api)
    ours = f"{major}.{minor}"
    if manifest.api[0] < major:
        said = f"Written for plugin API {wanted}, and here is {ours}"
        raise PluginError(f"{said}: update the plugin.")
    if manifest.api[0] > major or manifest.api[1] > minor:
        raise PluginError(f"Needs plugin API {wanted}, and here is {ours}: update Hydrophone.")
