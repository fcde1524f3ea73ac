"""What language models ask over HTTP.

``agents``  the Model Context Protocol at /mcp
"""
