"""Alembic's environment of the box database."""

from __future__ import annotations

from alembic import context

from appraisal.store.box import BoxBase
from appraisal.store.database import migration_environment

migration_environment(BoxBase.metadata, config=context.config)
