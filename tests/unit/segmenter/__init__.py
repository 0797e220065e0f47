"""Specifications of the segmentation methods, one module a method, named by the rules they check. No I/O."""
