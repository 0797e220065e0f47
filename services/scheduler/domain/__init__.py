"""How automation runs, as plain functions of plain values: progress, alerts, contact policy, schedules.

Standard library and `shared.domain` only. `now` and public holidays arrive as arguments; answers carry their reasons;
nothing here reads a clock, a table or a setting.
"""
