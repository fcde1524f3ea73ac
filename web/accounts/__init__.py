"""Accounts in the browser: signing in and out, passwords, tokens, and the administrator's table.

``accounts``   every account, for the administrator to change
``kept_form``  the form to sign in with, and what was typed before a session ended
``passkeys``   one's own enrolled, and what an authenticator is asked
``second_factor``  what one signs with beside the password; required, enrolled, taken away
``sign_in``    signing in and out, and choosing a password
``tokens``     one's own tokens for programs
"""
