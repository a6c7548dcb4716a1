"""`python -m appraisal` is the `appraisal` command."""

from appraisal.cli import main

if __name__ == "__main__":
    main()
