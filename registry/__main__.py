"""``python -m registry`` is ``cell-registry``."""

from registry.cli import main

if __name__ == "__main__":
    main()
