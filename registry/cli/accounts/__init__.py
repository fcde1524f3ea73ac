"""Accounts: who may sign in, what they sign with, and programs that act for them.

``accounts``        accounts
``second_factors``  what a signer has beside the password
``tokens``          programs that act for an account
"""
