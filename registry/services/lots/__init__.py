"""Lots, one at a time: registered, looked up, and everything that is on record about one.

``lots``                the service: register, get, history, what is inherited
``register``            a lot or its origin put on record
``cell_line``           what may be said of a cell line
``lot_view``            everything that is answered of a lot
``answer_in_words``     the answer at the top of a lot's page, in a sentence
``evidence_view``       criteria, panels and results as they are answered
``kept_answers``        what was answered before, as long as it is true
``kept_entries``        what is entered about a lot and its origins, kept likewise
``contaminant_advice``  what its markers point to beside the verdict
``atom``                changes as an Atom feed
``changes``             what was entered that may have changed the state of lots
``history``             every entry about a lot, in words
``inherited``           decisions and entries on what it derives from
``plain_text``          a lot in words, for copies
``identifiers``         what others call a lot or product
``scanned_label``       what a scanned label says
"""
