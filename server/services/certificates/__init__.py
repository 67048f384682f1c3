"""Certificates: issued when a camp is over, read and checked, corrected by reissue, exported."""

from server.services.certificates.correcting import reissue, revoke
from server.services.certificates.exporting import ask_export, export_by_hand, export_file, run_exports, show_export
from server.services.certificates.issuing import issue, issue_due
from server.services.certificates.reading import check, keys, mine, pdf, png, public_key, token

__all__ = ["ask_export", "check", "export_by_hand", "export_file", "issue", "issue_due", "keys", "mine", "pdf", "png",
           "public_key", "reissue", "revoke", "run_exports", "show_export", "token"]
