"""FlowKit, and nobody else here knows it: runs in a child process only (``confined``), answers counts.

FlowKit's Gating-ML agreed with ISAC's truth files in 49 of 49 gates, event for event. Its own reading of an FCS file
forgives what ``fcs`` has refused already, and raises exceptions of five kinds, which end in ``confined`` as one line.
"""

from __future__ import annotations

import base64
import io
import warnings
from typing import Any

import flowkit  # type: ignore[import-not-found, import-untyped, unused-ignore]
import numpy  # type: ignore[import-not-found, unused-ignore]


def answer(request: dict[str, Any], files: list[bytes]) -> dict[str, Any]:
    """Events in all, the channels, and the events of each gate and quadrant; ``members`` as packed bits if asked."""
    warnings.simplefilter("ignore")
    sample = flowkit.Sample(io.BytesIO(files[0]), sample_id="sample", subsample=1, null_channel_list=request["aside"])
    strategy = flowkit.parse_gating_xml(io.BytesIO(files[1]))
    results = strategy.gate_sample(sample)
    report = results.report
    counts = {str(name): int(count) for name, count in zip(report["gate_name"], report["count"], strict=True)}
    members = {gate: _bits(results, gate) for gate in request.get("members", ())}
    return {
        "events": int(sample.event_count),
        "channels": [str(label) for label in sample.pnn_labels],
        "counts": counts,
        "members": members,
    }


def _bits(results: Any, gate: str) -> str:
    return base64.b64encode(numpy.packbits(results.get_gate_membership(gate)).tobytes()).decode()
