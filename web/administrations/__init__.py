"""What becomes of a lot after its release, in the browser.

``administrations``  what was given, one by one and of a lot, and the form that records it
``containers``       where a lot's containers are, and moves of them
``findings``         what was found late, and who answered; what was given as a deviation
``route``            the picture of a trace: line, bank, lot, container, what was given
``supply``           supply out of specification, signed
``trace``            everything forward and back of something
"""
