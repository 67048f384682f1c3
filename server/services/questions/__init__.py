"""Asking, handing over to a person, and the knowledge base behind both."""

from server.services.questions.asking import ask, mine, not_urgent, rate, show
from server.services.questions.judging import card_for
from server.services.questions.queue import chase
from server.services.questions.synonyms import settle as settle_synonyms
from server.services.questions.synonyms import show as show_synonyms
from server.services.questions.tickets import close, hand_over, reopen, reply, route, take, write_on
from server.services.questions.tickets import page as tickets_page
from server.services.questions.topics import change as change_topic
from server.services.questions.topics import create as create_topic
from server.services.questions.topics import page as topics_page
from server.services.questions.topics import show as show_topic
from server.services.questions.topics import unanswered

__all__ = ["ask", "card_for", "change_topic", "chase", "close", "create_topic", "hand_over", "mine", "not_urgent",
           "rate", "reopen", "reply", "route", "settle_synonyms", "show", "show_synonyms", "show_topic", "take",
           "tickets_page", "topics_page", "unanswered", "write_on"]
