"""The desktop window of Pentimento. The only package of the editor that imports Qt."""
