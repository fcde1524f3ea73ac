"""Results on their way in: files, retests, what is taken back.

``api``          the address for laboratories' programs
``causes``       what is wrong with a file, by cause
``grid``         results typed in a grid, one row a lot, one column a criterion
``lot_results``  what a file's lots come to, one line a lot
``mend``         a table mended where it was refused: headings, lots, rows left out
``open_names``   the form in which a file's open names are given their meaning
``repair``       the rows of a file that are to be mended, as a file
``report``       the page on a file: what was read, judged, and may be done now
``retests``      a retest or correction of one result
``source``       a submitted table as it was sent, row by row
``submissions``  what one has submitted
``submit``       a file checked without keeping anything, then submitted
``upload``       a file in a request, and what it is read with
``withdraw``     a panel taken back, signed
"""
