"""What reaches a phone: a gateway that is asked over HTTPS, and twins."""

import json

import httpx
import pytest

from server.adapters.sms import OfflineSms, RealSms
from server.adapters.voice import OfflineVoice, RealVoice


@pytest.mark.parametrize("kind", [RealSms, RealVoice])
@pytest.mark.parametrize(("status", "reached"), [(200, True), (202, True), (400, False), (503, False)])
def test_a_gateway_reaches_whom_it_says_it_took(kind: type, status: int, *, reached: bool) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status)

    gateway = kind("https://sms.example.org/send", "secret", httpx.Client(transport=httpx.MockTransport(answer)))
    assert gateway.send("13900000000", "请测血糖", "k1") is reached
    assert asked[0].headers["Authorization"] == "Bearer secret"
    assert json.loads(asked[0].content) == {"to": "13900000000", "text": "请测血糖", "key": "k1"}


def test_a_gateway_that_does_not_answer_reached_nobody() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    gateway = RealSms("https://sms.example.org/send", "secret", httpx.Client(transport=httpx.MockTransport(away)))
    assert gateway.send("13900000000", "请测血糖", "k1") is False


def test_the_twins_keep_what_they_were_given_and_can_fail() -> None:
    sms, voice = OfflineSms(unreachable={"2"}), OfflineVoice(silent={"2"})
    assert [sms.send("1", "好", "k"), sms.send("2", "好", "k")] == [True, False]
    assert [voice.send("1", "好", "k"), voice.send("2", "好", "k")] == [True, False]
    assert (sms.sent, voice.read_out) == ([("1", "好")], [("1", "好")])
