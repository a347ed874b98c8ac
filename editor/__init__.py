"""Pentimento, the editor: pictures, edits, export and restoring. Imports no Qt outside `editor.ui`."""
