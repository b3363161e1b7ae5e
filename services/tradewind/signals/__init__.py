"""What turns bars into BUY, SELL or HOLD: rule strategies, features and the policy on predictions. NumPy only."""
