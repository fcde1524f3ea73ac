"""A lot in HL7 FHIR R5: a bundle of batch analysis, with numbers exactly as they were recorded.

``exact_json``    JSON whose numbers keep the digits that were recorded
``lot_bundle``    the bundle: the batch, its cells, the house, the report
``observations``  a result as an Observation
``tests_asked``   a specification as PlanDefinition and ObservationDefinition

Profiles: HL7 UV Pharmaceutical Quality (Industry) 1.0.0, ``Bundle-batch-analysis-pq`` and those that it names. What no
profile says for cells is listed in docs/guides/fhir.md.
"""
