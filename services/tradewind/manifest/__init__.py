"""The resources that a user writes, as models, and the Plan of what runs for them. Pure: no I/O but reading a file."""
