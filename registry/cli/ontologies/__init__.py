"""``ontology``: what the ontologies are, and letting a new release in.

``difference_report``  the difference between two releases, as text and as JSON
``ontologies``         the commands
"""
