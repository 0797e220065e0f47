"""What others rely on: event shapes, the OpenAPI document, providers' payloads, and fakes that behave like the real."""
