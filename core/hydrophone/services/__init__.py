"""What Hydrophone can do, apart from any protocol: one class a noun."""
