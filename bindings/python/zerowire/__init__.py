# SPDX-License-Identifier: Apache-2.0
"""zerowire in Python. `zerowire.flatbuf` is the run time of what `zerowire compile --python` generates."""

__version__ = "0.1.0"
