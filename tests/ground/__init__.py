"""What tests and the bench stand on: a private PostgreSQL, fresh databases, ports, leaks."""
