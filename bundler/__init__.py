"""Complete, checkable petition files (执行申诉信访) for the courts of China."""

__version__ = "0.1.0"
