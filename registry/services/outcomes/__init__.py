"""What became of those to whom a lot was given: tables in, visits due, one row an administration, and what it shows.

``outcomes``  the service: submit, visits, table, relation
``submit``    a clinic's table on record, and the receipt
``follow``    what is on record of each administration, read from the ledger
``views``     what is answered of them
``parquet``   the table as Parquet
"""
