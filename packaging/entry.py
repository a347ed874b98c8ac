"""What the frozen program starts with."""

import multiprocessing
import sys

from editor.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # batch works in several processes, which start here
    sys.exit(main())
