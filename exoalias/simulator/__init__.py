"""The other side of the wire: a simulated ServiceNow instance and a simulated Microsoft sign-in, on loopback.

A program of its own, started as a child by the verb ``simulate``. It imports nothing else of exoalias, so that it
can't agree with the client by sharing its mistakes.
"""
