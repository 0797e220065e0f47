"""The HTTP API: owns the customers and every fact about them. One folder a feature; features never meet."""
