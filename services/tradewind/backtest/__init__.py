"""The simulator: the rule book compiled over history, metrics, and the comparison with the live desk.

The only importer of numba.
"""
