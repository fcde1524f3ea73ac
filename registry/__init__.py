"""The cell product registry: lots described, judged, released and followed."""

__version__ = "0.2.0"
"""The newest version of ``CHANGELOG.md``; ``pyproject.toml`` and ``cell-registry --version`` read it here."""
