"""What runs beside and inside a sandbox, in processes of its own.

`keeper` starts programs and watches them; `stage` is the first thing inside a sandbox: it gives up
every right that is left and then runs the program. Both start often and must be small, so that
these files import each other and the standard library only, and nothing else of evalkit.
"""
