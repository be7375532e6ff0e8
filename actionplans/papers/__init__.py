"""What leaves a plan as a file: what each paper says, how it is asked for, how it is made.

`plan_paper`, `board_paper`, `year_report` and `minutes` put together what a paper says, as frozen
dataclasses that become JSON; `asking` keeps and hands over; `making` turns the JSON into a file,
in the worker, from nothing else.
"""
