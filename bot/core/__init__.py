"""The pure core: frozen value objects and the policy that weighs them.

Imports nothing but the standard library, does no I/O and reads no clock; `tests/core/test_core_is_pure.py`
proves it in a fresh interpreter.
"""
