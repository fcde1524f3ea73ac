"""Tables of cells to raw results: delimited text, workbooks, and what stands around and beside the results.

beside            what a workbook says beside the text of its cells
claims            what speaks against results, and what is told as not read
columns           the columns that there are, and headers that are nearly one
grid              delimited text to numbered rows
headings          what laboratories call the columns, in five languages
layout            where the header stands, and what the rows around it are
merged            merged cells of a workbook
repair            the rows to mend, as a file to send again
strays            columns and rows that hold no result
tables            which form a table has; raw results
template          a table to fill in for one specification
transposed        tables with a lot in each column
verdict_columns   columns that say whether a result counts
wide              tables with a characteristic in each column
xlsx              workbooks to raw results
"""
