"""One table for every list: it sorts, filters, pages, keeps the choice in its address, is saved as CSV and JSON.

``table``    what a table can do, and what an address asks of it
``density``  how close its rows stand
``entries``  a table of the ledger's entries
``rows``     the rows of a table as a file to save
"""
