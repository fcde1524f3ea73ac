"""Studies in the browser.

``studies``  every study, and one study's page
"""
