"""What became of those to whom a lot was given: visits, one row an administration, and what such numbers can show.

Nothing here reads a ledger, a graph or the time.

``visits``       which visits are planned, due, done, late or missed
``current``      which outcomes count: corrections and conflicts
``table``        one row an administration: dose, lot, its characteristics, its outcomes at each visit
``dictionary``   what each column of that table is
``writing``      that table as CSV
``intervals``    exact intervals of small counts
``suppression``  what nobody is shown who may not see single administrations
``relation``     one characteristic of lots against one outcome: points, numbers, and what they cannot show
``models``       the mixed model and the survival model, where the extra ``outcomes`` is installed
"""
