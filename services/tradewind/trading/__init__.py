"""Trading: signals -> orders -> fills -> portfolio."""
