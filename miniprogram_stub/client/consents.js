// @ts-check
"use strict";

const { creates, reads, removes } = require("./operation");

/**
 * @typedef {"care"|"family"|"board"|"sponsor_share"|"marketing"|"research"|"public_story"} Purpose
 * @typedef {{id: string, purpose: Purpose, version: string, title: string, body: string,
 *   required: boolean}} ConsentDocument
 * @typedef {object} NewConsent
 * @property {string} document_id
 * @property {ConsentDocument["version"]} version
 * @property {"self"|"guardian"} given_by
 * @property {string} [guardian_name]
 * @property {string} [person_id] the dependant it is given for
 * @typedef {NewConsent & {id: string, purpose: Purpose, given_at: string, withdrawn_at: string|null}} Consent
 * @typedef {import("./http").Options} Options
 */

const operations = {
  documents: reads("/consents/documents/current"),
  give: creates("/consents"),
  page: reads("/consents"),
  withdraw: removes("/consents/{id}"),
};

/** @param {import("./http").Http} http */
function consents(http) {
  return {
    /** The documents in force, one per purpose. @returns {Promise<import("./people").Page<ConsentDocument>>} */
    documents: () => http.call(operations.documents),
    /** The consent given. @param {NewConsent} consent @param {Options} [options] @returns {Promise<Consent>} */
    give: (consent, options) => http.call(operations.give, { body: consent, options }),
    /** What was given and withdrawn. @param {{person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Consent>>} */
    page: (query) => http.call(operations.page, { query }),
    /**
     * Withdrawn; it counts from the next request.
     * @param {string} id @param {Options} [options] @returns {Promise<null>}
     */
    withdraw: (id, options) => http.call(operations.withdraw, { ids: { id }, options }),
  };
}

module.exports = { consents, operations };
