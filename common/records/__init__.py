"""Field kinds, record descriptions and queries as they travel: server and staff client share them. No Qt, no database."""

from common.records.description import ActionFacts, RecordFacts, ReportFacts, Schema
from common.records.field import Field, When
from common.records.query import Condition, Group, Page, Query
from common.records.values import BadValue, holds, value_of

__all__ = [
    "ActionFacts",
    "BadValue",
    "Condition",
    "Field",
    "Group",
    "Page",
    "Query",
    "RecordFacts",
    "ReportFacts",
    "Schema",
    "When",
    "holds",
    "value_of",
]
