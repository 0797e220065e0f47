"""The record of a company or person. Facts about it have features of their own."""
