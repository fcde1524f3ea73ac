"""What becomes of a lot once it left the laboratory, as records without a person.

``administration``  containers moved from state to state, and what was given at which sites
``outcome``         what was seen of one administration on one day
"""
