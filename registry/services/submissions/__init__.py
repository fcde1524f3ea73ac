"""Files in, panels on record: read, shown before anything is kept, recorded, taken back.

``submissions``       the service: preview, submit, state_changes, withdraw
``read_file``         a file read for this registry
``interpretation``    a result as it was understood, in words
``preview``           what a file would say and change
``submit``            panels on record, and the receipt
``shortfall``         what keeps a lot from passing, and by how much
``mended``            what was changed in a table before it was sent, in a line above it
``receipt``           what a submission answers, and answers again
``withdraw``          panels taken back
``withdrawn_panels``  what became of panels on record
"""
