"""Parts that several pages share; a folder holds the parts of one page."""
