"""The harness of the journeys: it starts, kills and restarts the real processes, and speaks to them from outside."""

import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(TOP / "deploy/launch"))  # cluster, Redis, secrets and settings are made as `make up` makes them
