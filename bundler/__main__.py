"""``python -m bundler``."""

from bundler.commands import main

if __name__ == "__main__":
    main()
