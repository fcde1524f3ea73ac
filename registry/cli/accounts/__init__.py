"""Accounts: who may sign in, what they sign with, and programs that act for them.

``accounts``        accounts and tokens
``second_factors``  what a signer has beside the password
"""
