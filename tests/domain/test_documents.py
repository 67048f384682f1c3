"""The consent documents: one for each purpose, in plain Chinese, each with its way back."""

import json
import re

import pytest

from server.domain.consents import PURPOSES
from server.domain.documents import CONSENT_DOCUMENTS, document_id

CHINESE = re.compile(r"[\u4e00-\u9fff]")

every_document = pytest.mark.parametrize(
    "document", CONSENT_DOCUMENTS, ids=[document["purpose"] for document in CONSENT_DOCUMENTS]
)


def test_every_purpose_has_one_document_in_the_order_people_are_asked():
    assert tuple(document["purpose"] for document in CONSENT_DOCUMENTS) == PURPOSES


def test_only_care_is_required():
    assert [document["purpose"] for document in CONSENT_DOCUMENTS if document["required"]] == ["care"]


def test_document_ids_are_unique_and_a_new_version_is_a_new_document():
    ids = [document["id"] for document in CONSENT_DOCUMENTS]
    assert len(set(ids)) == len(ids)
    assert CONSENT_DOCUMENTS[0]["id"] == "98c8c293-8127-5e04-8e2d-0e53017362ce"
    assert document_id("care", "2026-02") not in ids


@every_document
def test_a_document_is_plain_json_of_a_length_people_read(document):
    assert json.loads(json.dumps(document)) == document
    assert set(document) == {"id", "purpose", "version", "title", "body", "required"}
    assert document["id"] == document_id(document["purpose"], document["version"])
    assert document["version"] == "2026-01"
    assert CHINESE.search(document["title"])
    assert len(CHINESE.findall(document["body"])) >= 200
    assert len(document["body"]) <= 500


@every_document
@pytest.mark.parametrize("said", ["想请您同意：", "为什么：", "怎么撤回：", "谁", "随时", "不同意"])
def test_a_document_says_what_why_who_and_how_to_withdraw(document, said):
    assert said in document["body"]


@every_document
def test_refusing_anything_but_care_blocks_nothing(document):
    assert ("不能入营" in document["body"]) == document["required"]
    assert ("训练营的一切照常" in document["body"]) != document["required"]
