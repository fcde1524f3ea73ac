"""The cell product registry: lots described, judged, released and followed."""
