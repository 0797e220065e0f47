"""Possible sales in the pipeline. One may be only a name at first; its customer comes later."""
