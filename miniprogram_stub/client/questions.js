// @ts-check
"use strict";

const { acts, changes, creates, puts, reads } = require("./operation");

/**
 * @typedef {"answered"|"emergency"|"crisis"|"dose_refusal"|"refused"|"small_talk"|"unsure"} Kind
 * @typedef {"urgent"|"medical"|"general"} Need
 * @typedef {"open"|"taken"|"replied"|"closed"} TicketStatus
 * @typedef {{id: string, status: TicketStatus, need: Need, due_at: string|null, says: string}} OwnTicket
 * @typedef {{id: string, kind: Kind, answer: string, topic: string|null, topic_version: number|null, topic_edited: boolean,
 *   score: number|null, rule_id: string, why: string, about: "self"|"relative"|"unknown", source: string|null,
 *   reviewed_on: string|null, advice: Record<string, any>|null, suggestions: {topic: string, question: string}[],
 *   ticket: OwnTicket|null, asked_at: string, not_urgent_at: string|null, helpful: boolean|null, may_use_words: boolean,
 *   version: number}} Answer
 * @typedef {Answer & {text: string}} Question
 * @typedef {{id: string, by: "patient"|"staff", label: string|null, text: string, at: string,
 *   author: {name: string, role: string, role_name: string, credential: string|null}|null}} Message
 * @typedef {Question & {thread: Message[]}} Thread
 * @typedef {{id: string, question_id: string, person: {id: string, nickname: string}, need: Need, topic: string|null,
 *   status: TicketStatus, due_at: string|null, overdue: boolean, round: number, first_reply_at: string|null,
 *   taken_by: string|null, version: number}} Queued
 * @typedef {Queued & {text: string|null, thread: Message[]|null}} Ticket
 * @typedef {{slug: string, status: string, question: string, answer: string, ways: string[], number: number,
 *   edited: boolean, overdue: boolean, draft: Record<string, any>|null, version: number} & Record<string, any>} Topic
 * @typedef {{organisation_id: string, shipped: number, synonyms: {word: string, instead: string}[]}} Synonyms
 * @typedef {import("./http").Options} Options
 */

const operations = {
  ask: creates("/questions"),
  mine: reads("/questions"),
  show: reads("/questions/{id}"),
  rate: acts("/questions/{id}/rating"),
  handOver: acts("/questions/{id}/hand-over"),
  writeOn: acts("/questions/{id}/messages"),
  notUrgent: acts("/questions/{id}/not-urgent"),
  ticketsPage: reads("/questions/tickets"),
  take: acts("/questions/tickets/{id}/take"),
  reply: acts("/questions/tickets/{id}/reply"),
  close: acts("/questions/tickets/{id}/close"),
  reopen: acts("/questions/tickets/{id}/reopen"),
  route: acts("/questions/tickets/{id}/route"),
  unanswered: reads("/questions/unanswered"),
  topicsPage: reads("/questions/topics"),
  createTopic: creates("/questions/topics"),
  showTopic: reads("/questions/topics/{slug}"),
  changeTopic: changes("/questions/topics/{slug}"),
  synonyms: reads("/questions/synonyms"),
  settleSynonyms: puts("/questions/synonyms"),
};

/** @param {import("./http").Http} http */
function questions(http) {
  /** @param {import("./operation").Operation} operation @returns {(id: string, body?: any, options?: Options) => Promise<any>} */
  const one = (operation) => (id, body, options) => http.call(operation, { ids: { id }, body, options });

  return {
    /** The answer at once; `advice` is what to do now where there is a danger. Needs a sign-in only.
     * @param {{text: string, about?: "self"|"relative"}} question @param {Options} [options] @returns {Promise<Answer>} */
    ask: (question, options) => http.call(operations.ask, { body: question, options }),
    /** One's own questions, newest first. @param {{limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Question>>} */
    mine: (query) => http.call(operations.mine, { query }),
    /** A question with its thread: one's own, or one's to answer. @param {string} id @returns {Promise<Thread>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** Whether the answer helped, and whether staff may use these words, and what staff replied, when they improve it.
     * @type {(id: string, rating: {helpful: boolean, may_use_words?: boolean}) => Promise<Answer>} */
    rate: one(operations.rate),
    /** Ask a person; a closed ticket opens again. @param {string} id @returns {Promise<Thread>} */
    handOver: (id) => http.call(operations.handOver, { ids: { id } }),
    /** Write on; a closed ticket opens again. @type {(id: string, message: {text: string}) => Promise<Thread>} */
    writeOn: one(operations.writeOn),
    /** 不是紧急: closes the alert, and the ticket if it is urgent. @param {string} id @returns {Promise<Thread>} */
    notUrgent: (id) => http.call(operations.notUrgent, { ids: { id } }),
    /** Who waits, longest first. Staff. @param {{status?: TicketStatus, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Queued>>} */
    ticketsPage: (query) => http.call(operations.ticketsPage, { query }),
    /** Staff. @param {string} id @returns {Promise<Ticket>} */
    take: (id) => http.call(operations.take, { ids: { id } }),
    /** A signed answer. Staff. @type {(id: string, message: {text: string}) => Promise<Ticket>} */
    reply: one(operations.reply),
    /** Staff; who still waits is told. @param {string} id @returns {Promise<Ticket>} */
    close: (id) => http.call(operations.close, { ids: { id } }),
    /** Back into the queue, for anybody to take. Staff. @param {string} id @returns {Promise<Ticket>} */
    reopen: (id) => http.call(operations.reopen, { ids: { id } }),
    /** To whom it belongs. Staff. @type {(id: string, to: {need: Need}) => Promise<Ticket>} */
    route: one(operations.route),
    /** What got no answer, or one that did not help, in groups. Staff. @param {{organisation_id?: string}} [query]
     * @returns {Promise<import("./people").Page<Record<string, any>>>} */
    unanswered: (query) => http.call(operations.unanswered, { query }),
    /** The knowledge base. Staff.
     * @param {{status?: string, overdue?: "true"|"false", organisation_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Topic>>} */
    topicsPage: (query) => http.call(operations.topicsPage, { query }),
    /** A text in work, new or for a topic that is there. Staff. @param {Record<string, any>} topic
     * @param {Options} [options] @returns {Promise<Topic>} */
    createTopic: (topic, options) => http.call(operations.createTopic, { body: topic, options }),
    /** Staff. @param {string} slug @param {{organisation_id?: string}} [query] @returns {Promise<Topic>} */
    showTopic: (slug, query) => http.call(operations.showTopic, { ids: { slug }, query }),
    /** Edit the text in work, review, publish, retire; who works in several organisations names one. Staff.
     * @param {string} slug @param {Record<string, any>} fields @param {Options} [options] @returns {Promise<Topic>} */
    changeTopic: (slug, fields, options) => http.call(operations.changeTopic, { ids: { slug }, body: fields, options }),
    /** An organisation's own synonyms. Staff. @param {{organisation_id?: string}} [query] @returns {Promise<Synonyms>} */
    synonyms: (query) => http.call(operations.synonyms, { query }),
    /** All of them anew; what is left out is taken away. Staff.
     * @param {{organisation_id?: string, synonyms: {word: string, instead: string}[]}} all @returns {Promise<Synonyms>} */
    settleSynonyms: (all) => http.call(operations.settleSynonyms, { body: all }),
  };
}

module.exports = { questions, operations };
