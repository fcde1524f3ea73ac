"""Other systems told when the state of a lot changes.

``webhooks``  addresses named, listed, ended, taken up again
``deliver``   the process that sends
"""
