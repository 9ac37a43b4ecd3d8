"""`python -m checker` is the command `podlab`."""

from checker.cli.app import main

if __name__ == "__main__":
    main()
