"""The rule book: what trades, at which price, for how much. Standard library only, integers only, no I/O."""
