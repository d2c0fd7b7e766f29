"""Ways to hand a kept portrait over; each takes bytes that the guest kept, and knows nothing of the booth.

`page` and `web` for the phone, `printer` for paper, `mail`, and `hook` for anything else; `queue` tries again. No
socket is opened unless the operator filled in an address.
"""
