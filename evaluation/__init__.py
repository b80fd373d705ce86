"""Measuring: metrics, benchmarks and reports. May import everything; nothing imports it."""
