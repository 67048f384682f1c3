"""The outside world, each part with an offline twin used by tests and the demo."""
