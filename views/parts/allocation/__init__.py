"""The page of sharing: positions over territories, the programme's money, applications."""
