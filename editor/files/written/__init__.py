"""The formats that exports are written in: one file each, listed in `editor.files.formats`.

The list is also wanted where nothing is written, for a help text; so what writing needs is imported
when something is written.
"""
