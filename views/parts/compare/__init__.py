"""The page of comparison: which two plans, their maps in step, their differences."""
