"""Files of customers and of facts about them on their way into the portfolio.

`reader` turns a file into rows, `mapping` says which column means what, `domain` turns one row into one candidate or
into the reasons why not. Nothing here trusts a file: what is wrong is reported with its line, never dropped or guessed.
"""
