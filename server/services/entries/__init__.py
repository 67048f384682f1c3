"""Entries: filed one by one or by the hundred, changed, deleted, read."""

from server.services.entries.changing import change, remove
from server.services.entries.filing import Outcome, file, sync
from server.services.entries.importing import import_file
from server.services.entries.reading import changes, history, history_tag, show
from server.services.entries.sharing import export, take

__all__ = ["Outcome", "change", "changes", "export", "file", "history", "history_tag", "import_file", "remove", "show",
           "sync", "take"]
