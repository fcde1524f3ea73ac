"""Help where it is needed: the guides as pages, the words and their sentences, the keys.

``guides``    a guide as a page, and which one belongs to the page shown
``markdown``  a guide's text as HTML
``words``     what a word means
"""
