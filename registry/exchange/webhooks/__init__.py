"""What is told to another system over HTTP: a signed message to an address that an administrator named.

``signature``  how a message is signed and verified, by the Standard Webhooks convention
``target``     which addresses may be sent to, and the one IP address that a message goes to
``post``       one message sent there, no redirect followed
"""
