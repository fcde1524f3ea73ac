"""``specification``: what lots are held against.

``draft``           a specification compiled, printed as a table, linted, compared, drafted
``named``           the specification that a command names, by its file or its id
``specifications``  list, show, approve
``templates``       the table to fill in
``trial``           what one would change, over every lot
"""
