"""What becomes of a lot after its release: given, moved, followed up, traced.

``administer``  something given, and supply out of specification
``containers``  where a lot's containers are, and moves of them
``findings``    what was found late, and who answered
``trace``       everything forward and back
"""
