"""`python -m topline`: the command line."""

from topline.cli import main

if __name__ == "__main__":
    main()
