"""Functions of integers, in the subset of Python that numba compiles.

The desk interprets these functions, the simulator compiles the very same ones. So nothing here may use what numba
can't compile: no keyword-only tricks, no Decimal, no exceptions with computed messages.
"""
