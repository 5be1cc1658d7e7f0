"""The one tree of errors. Each message is a single line that names the mend.

The tree::

    EstrogenomeError
    ├── InputError            a file or option of the user's cannot be used as it is
    │   ├── GenotypeFileError     the genome file cannot be read
    │   ├── BuildError            the genome build cannot be settled
    │   ├── SampleError           the sample asked for is not in the file
    │   ├── PersonError           sex, age or state is missing, impossible or contradictory
    │   └── StageFileError        a stage's JSON cannot be entered
    ├── KnowledgeError        a knowledge file breaks its schema or contradicts another
    ├── ModelError            the model cannot be composed or solved
    └── MissingExtraError     an optional part is not installed
"""

from __future__ import annotations


class EstrogenomeError(Exception):
    """Root of all errors raised on purpose; ``str(error)`` is one line for a person."""


class InputError(EstrogenomeError):
    """A file or an option of the user's cannot be used as it is."""


class GenotypeFileError(InputError):
    """The genome file cannot be read."""


class BuildError(InputError):
    """The genome build cannot be settled from the positions."""


class SampleError(InputError):
    """The sample asked for is not in the file."""


class PersonError(InputError):
    """Sex, age or hormonal state is missing, impossible or contradictory."""


class StageFileError(InputError):
    """A stage's JSON file cannot be entered."""


class KnowledgeError(EstrogenomeError):
    """A knowledge file breaks its schema or contradicts another."""


class ModelError(EstrogenomeError):
    """The model cannot be composed or solved."""


class MissingExtraError(EstrogenomeError):
    """An optional part is not installed; the message names the extra."""
