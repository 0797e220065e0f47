"""The api over HTTP, in process, on a database of each test's own."""
