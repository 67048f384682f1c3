"""答疑: a question and its instant answer, its hand-over to a person, and the knowledge base behind it."""

from server.api.questions import asking, synonyms, tickets, topics
from server.api.questions.word import word

__all__ = ["asking", "synonyms", "tickets", "topics", "word"]
