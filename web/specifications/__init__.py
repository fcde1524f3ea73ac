"""Specifications in the browser: read, compared, drafted, approved.

``approve``             the approval of a specification for a product
``criteria_table``      a specification written in a table, a row a criterion
``difference_text``     what differs between two specifications, in words
``drafts``              a table checked as often as wanted, then drafted
``specification_text``  a specification in words
``specifications``      the list, one version's page, the difference between two
``templates``           the table to fill in for a specification
"""
