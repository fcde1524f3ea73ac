"""What other registries and systems say, and what they are told: pure, bounded, and without any person.

``bounded``         bytes to plain data: size, depth and lengths held, whatever was sent
``study_file``      our own file of a study, TOML or JSON
``clinicaltrials``  ClinicalTrials.gov's API v2
``fhir``            a lot as HL7 FHIR
``webhooks``        signed messages to addresses that an administrator named
``identifiers``     DOIs, dates and periods as they are printed
``schemes``         identifiers that others gave to a lot or product: GS1, ISBT 128, SEC, a house's own
"""

from __future__ import annotations

from registry.exchange.bounded import LARGEST

__all__ = ["LARGEST"]
