"""Who fills the orders: one port, and an adapter for each broker."""
