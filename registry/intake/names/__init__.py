"""What a printed name names, and the laboratory's own names.

``printed``           one characteristic, a cocktail, a co-expression gate; or a refusal
``near_names``        known names inside longer ones, and nearly known ones
``likely_names``      what a laboratory's own name most likely stands for, to be asked
``laboratory_names``  a laboratory's own names, looked up in its mapping
``mapping_table``     a mapping's table to a mapping, or to every wrong row
"""
