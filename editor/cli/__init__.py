"""The command line: `main` reads the command, the other files carry it out."""
