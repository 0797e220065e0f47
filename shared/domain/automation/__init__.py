"""What users define for the scheduler to run, read from its JSON: sequences, reminder rules and alert rules as values.

The api refuses a wrong definition with it, the scheduler runs a right one. Nothing here reads a clock, a table or a
setting; how definitions are carried out belongs to the scheduler.
"""
