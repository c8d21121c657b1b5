"""The one family of errors that pnews raises on purpose.

Each message is one line that names the place and the fix; the command line prints it and exits
with status 2. Anything else that escapes is a bug.
"""

from __future__ import annotations


class PnewsError(Exception):
    """Base of all errors that a user can mend."""


class InputError(PnewsError):
    """A file, record or option value that can't be used as it is."""


class ModelError(PnewsError):
    """A model or data file that is missing, damaged or of another protocol."""


class EngineError(PnewsError):
    """A foreign normaliser that isn't installed, or whose output can't be aligned."""


class StoppedError(PnewsError):
    """A batch that stopped part-way, with all that it did kept, so that it can be resumed."""
