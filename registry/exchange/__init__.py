"""What other registries say, read into our own values: pure, bounded, and without any person.

``bounded``         bytes to plain data: size, depth and lengths held, whatever was sent
``study_file``      our own file of a study, TOML or JSON
``clinicaltrials``  ClinicalTrials.gov's API v2
``identifiers``     DOIs, dates and periods as they are printed
"""

from __future__ import annotations

from registry.exchange.bounded import LARGEST

__all__ = ["LARGEST"]
