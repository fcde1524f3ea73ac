"""The ontologies as data: our own terms, the borrowed slices, their sources and the checks that hold for them.

``slices``       cuts the slices in ``borrowed/`` out of full releases
``definitions``  cuts definitions, synonyms and cross-references
``diffable``     Turtle that differs only where the facts do
"""
