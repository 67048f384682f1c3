"""The shared part that raises, re-judges and closes alerts inside the transaction of what caused them."""

from server.services.alarms.delivery import deliver
from server.services.alarms.episodes import close
from server.services.alarms.judging import Filed, card_again, caution, judge, lets_go, rejudge
from server.services.alarms.steps import take_up
from server.services.alarms.watching import tell_who_watches, watch
from server.services.alarms.words import call_off, raise_words

__all__ = ["Filed", "call_off", "card_again", "caution", "close", "deliver", "judge", "lets_go", "raise_words", "rejudge",
           "take_up", "tell_who_watches", "watch"]
