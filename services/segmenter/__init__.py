"""The segmenter: recomputes metrics, classes, scores and segment memberships when data changes or a day ends.

It owns the tables of scores and memberships. It must not write customer data, and must not import another service.
"""
