"""Tables of cells to raw results: delimited text, workbooks, and what stands around and beside the results.

``tables``           which form a table has; raw results
``grid``             delimited text to numbered rows
``xlsx``             workbooks to raw results
``merged``           merged cells of a workbook
``beside``           what a workbook says beside the text of its cells
``layout``           where the header stands, and what the rows around it are
``columns``          the columns that there are, and headers that are nearly one
``headings``         what laboratories call the columns, in five languages
``wide``             tables with a characteristic in each column
``transposed``       tables with a lot in each column
``verdict_columns``  columns that say whether a result counts
``strays``           columns and rows that hold no result
``claims``           what speaks against results, and what is told as not read
``repair``           the rows to mend, as a file to send again
``template``         a table to fill in for one specification
"""
