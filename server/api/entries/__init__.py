"""打卡记录: one by one, by the hundred, changed, deleted, read; from a meter's file, and as FHIR."""

from server.api.entries import filing, importing, sharing
from server.api.entries.word import word

__all__ = ["filing", "importing", "sharing", "word"]
