"""What is: who needs help with digital life, and who reaches them today.

The name is also that of coverage.py, which this package hides when Python runs
from the repository's root; see CONTRIBUTING.md.
"""
