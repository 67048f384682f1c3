"""The word that its parts share."""

from server.api.contract import Word

word = Word("entries", "打卡记录")
