"""The rules of segments as SQL: a typed tree becomes a condition over a customer's row, its metrics and its scores.

What a rule means is defined by `shared.domain.rules`, whose evaluator this package is tested against. It builds
expressions and selects, never text; it runs nothing, except `records`, which reads what an explanation needs.
"""
