"""Which call is shown when."""
