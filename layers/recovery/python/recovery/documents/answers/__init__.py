"""What the API answers, as types: the OpenAPI document is made from them, tests hold answers to it.

A client has to let pass what it does not know: fields may be added at any time.
"""
