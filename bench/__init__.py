"""Benchmarks: real server processes, real sign-ins, load from the same machine. See README.md."""
