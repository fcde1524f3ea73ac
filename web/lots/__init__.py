"""One lot in the browser: its answer, its evidence, its history, its registration.

``evidence``       what was judged, beside the rows that it was read from
``feed``           what may have changed the state of lots, as an Atom feed
``fhir``           a lot as HL7 FHIR
``identifiers``    what others call a lot or product, recorded and withdrawn
``lineage``        the picture of what a lot derives from and what was made of it
``live``           what an open page asks every few seconds: is what it shows still so
``lot_text``       the page's words: the answer, why, and what is still open
``lots``           a lot's page and its history, as HTML and as data
``no_such_lot``    the page of a lot that there is not, and what is spelled like it
``register``       the form that registers a lot, a bank, a line or a donor
``scanned_label``  where a scanned label is another registry's, or differs from its lot
"""
