"""Decisions on transcoding."""

from msgspec import UNSET

from hydrophone.domain import client_profile as domain
from hydrophone_subsonic.responses.transcoding import StreamDetails, TranscodeDecision


def transcode_decision(decision: domain.Decision) -> TranscodeDecision:
    """Describe what was decided."""
    transcode = decision.transcode
    return TranscodeDecision(
        can_direct_play=decision.can_play_directly,
        can_transcode=transcode is not None,
        transcode_reason=decision.reasons,
        error_reason=decision.problem,
        transcode_params=decision.parameters or UNSET,
        source_stream=_details(decision.source),
        transcode_stream=UNSET if transcode is None else _details(transcode),
    )


def _details(stream: domain.StreamDetails) -> StreamDetails:
    return StreamDetails(
        container=stream.container,
        codec=stream.codec,
        audio_channels=stream.channel_count or UNSET,
        audio_bitrate=stream.bit_rate * 1000 or UNSET,
        audio_profile=stream.profile or UNSET,
        audio_samplerate=stream.sample_rate or UNSET,
        audio_bitdepth=stream.bit_depth or UNSET,
    )
