"""The bench: what one request of ours costs, told as a ratio to the barest server that could do the same work.

Never part of a running server. `scripts/bench --help` says how to use it.
"""
