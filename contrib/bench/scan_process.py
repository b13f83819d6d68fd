"""One run of the scan process, with what it has cost."""

import resource
import subprocess
import sys
from dataclasses import dataclass

import msgspec
from contrib.bench.processes import children, resident_megabytes

from hydrophone.config import Config
from hydrophone.domain.library import ScanSummary
from hydrophone.scanner.messages import ScanFinished, ScanMessage
from hydrophone.server.data_folder import prepare
from hydrophone.services.scans import scan_request


@dataclass(frozen=True, kw_only=True)
class ScanRun:
    """What a scan has found and used."""

    summary: ScanSummary
    cpu_seconds: float
    """Of the scan process and its workers, their starts included."""
    peak_megabytes: float
    """Of the scan process."""
    worker_megabytes: float
    """Of its largest worker, as seen a few times a second; 0 if none was seen."""


def scan_once(config: Config) -> ScanRun:
    """Scan the configured libraries as `hydrophone scan` does."""
    request = scan_request(config, *prepare(config), ffmpeg=None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(
        [sys.executable, "-m", "hydrophone.scanner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The scan process has no pipes.")
    process.stdin.write(msgspec.json.encode(request) + b"\n")
    process.stdin.flush()
    peak = worker = 0.0
    summary = None
    for line in process.stdout:
        peak = max(peak, resident_megabytes(process.pid, peak=True))
        sizes = [resident_megabytes(pid, peak=True) for pid in children(process.pid)]
        worker = max([worker, *sizes])
        message = msgspec.json.decode(line, type=ScanMessage)
        if isinstance(message, ScanFinished):
            summary = message.summary
    process.wait()
    process.stdin.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if summary is None:
        raise RuntimeError("The scan did not finish.")
    return ScanRun(
        summary=summary,
        cpu_seconds=after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        peak_megabytes=peak,
        worker_megabytes=worker,
    )
