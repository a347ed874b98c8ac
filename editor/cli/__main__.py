"""`python -m editor.cli` is the command `pentimento`."""

import sys

from editor.cli.main import main

sys.exit(main())
