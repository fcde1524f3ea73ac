"""Panels that programs send, to the same raw results as a table.

``turtle``      panels as RDF, in Turtle or JSON-LD
``jsonld``      JSON-LD made safe before anything that could fetch sees it
``fhir``        a FHIR bundle of observations, as the model below
``json_model``  panels as plain JSON; the only module that knows pydantic
"""
