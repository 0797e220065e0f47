"""The rules of automation as plain functions of plain values: sequences, reminders, alerts, contact policy, cadences.

Standard library and `shared.domain` only. `now` and public holidays arrive as arguments; answers carry their reasons;
nothing here reads a clock, a table or a setting.
"""
