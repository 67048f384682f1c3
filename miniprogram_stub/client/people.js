// @ts-check
"use strict";

const { changes, creates, puts, reads, removes } = require("./operation");

/**
 * The e-record 电子档案; every field may be left out when changing it.
 * @typedef {object} Profile
 * @property {string} [nickname] the only name classmates see
 * @property {string} [full_name]
 * @property {string} [birth_on]
 * @property {string} [sex]
 * @property {number} [height_cm]
 * @property {number} [weight_kg]
 * @property {"type1"|"type2"|"gestational"|"prediabetes"|"unknown"} [diabetes_type]
 * @property {string} [diagnosed_on]
 * @property {string} [due_on]
 * @property {string[]} [treatments]
 * @property {string[]} [medicines]
 * @property {string[]} [complications]
 * @property {boolean} [hypo_unaware]
 * @property {boolean} [kidney_disease]
 * @property {boolean} [lives_alone]
 * @property {{name: string, phone: string, relation: string}} [emergency_contact]
 * @property {"mmol/L"|"mg/dL"} [glucose_unit]
 * @property {{from: string, to: string}} [quiet_hours]
 * @property {boolean} [board_visible]
 * @property {{model: string, strips_open_on: string, last_checked_on: string}} [meter]
 * @property {string} [next_visit_on]
 * @property {"patient"|"family"} [serious_news_first]
 *
 * @typedef {Profile & {id: string, version: number}} Person
 * @typedef {{role: string, scope_type: "organisation"|"camp"|"class"|"person", scope_id: string,
 *   credential?: string}} NewGrant
 * @typedef {NewGrant & {id: string}} Grant
 * @typedef {"danger"|"progress"|"readings"} Sees
 * @typedef {{id: string, side: "patient"|"relative", person_id: string, relative_id: string, nickname: string,
 *   relation: string, sees: Sees[], may_file: boolean, in_force: boolean, version: number}} Tie a family tie 家属
 * @typedef {{id: string, relative_id: string, nickname: string, words: string|null, day: string, at: string}} Cheered
 * @typedef {{id: string, person: string, severity: string, at: string, from_id: string|null, told: {who: string,
 *   as: "patient"|"family", how: string, at: string, state: "waiting"|"delivered"|"failed"|"no_channel",
 *   read_at: string|null}[]}} Letter a message of staff 消息, and whom it reached
 * @typedef {{id: string, kind: "staff"|"who_watches", severity: string, person_id: string, as: "patient"|"family",
 *   from_id: string|null, from_name: string|null, subject: string, body: string, at: string,
 *   read_at: string|null}} Kept a message kept for its reader
 * @typedef {import("./http").Options} Options
 */

/**
 * One page of a list; `next` goes back as `after`, null ends.
 * @template T @typedef {{items: T[], next: string|null}} Page
 */

/**
 * The targets 目标 in force for somebody, and where each comes from.
 * @typedef {{person_id: string, ranges: {group: string, name: string, from_mmol_l: number|null, below_mmol_l: number|null,
 *   text: string|null, source: "staff"|"default"|null, cites: string|null}[], waits: boolean, text: string|null,
 *   limits: {limit: string, name: string, mmol_l: number, mg_dl: number, tightened: boolean}[], frail: boolean,
 *   hba1c_below_percent: number|null, set_by: any, set_at: string|null, note: string|null}} Targets
 */

const operations = {
  me: reads("/people/me"),
  change: changes("/people/me"),
  find: reads("/people"),
  show: reads("/people/{id}"),
  createDependant: creates("/people/dependants"),
  dependants: reads("/people/dependants"),
  grantRole: creates("/people/{id}/roles"),
  revokeRole: removes("/people/{id}/roles/{grant_id}"),
  acceptRole: creates("/people/me/roles"),
  inviteFamily: creates("/people/me/family-invites"),
  joinFamily: creates("/people/family"),
  family: reads("/people/me/family"),
  changeFamily: changes("/people/me/family/{id}"),
  endFamily: removes("/people/me/family/{id}"),
  shared: reads("/people/{id}/shared"),
  cheer: creates("/people/{id}/cheers"),
  cheers: reads("/people/me/cheers"),
  sendMessage: creates("/people/{id}/messages"),
  sentMessages: reads("/people/{id}/messages"),
  keptMessages: reads("/people/me/messages"),
  targets: reads("/people/{id}/targets"),
  setTargets: puts("/people/{id}/targets"),
};

/** @param {import("./http").Http} http */
function people(http) {
  return {
    /** One's own record. @returns {Promise<Person>} */
    me: () => http.call(operations.me),
    /** One's own record as changed. @param {Profile} profile @param {Options} [options] @returns {Promise<Person>} */
    change: (profile, options) => http.call(operations.change, { body: profile, options }),
    /** People in one's scope with exactly this nickname, full name or phone. Staff.
     * @param {{q: string, limit?: number}} query
     * @returns {Promise<Page<Person>>} */
    find: (query) => http.call(operations.find, { query }),
    /** Somebody in one's scope; the read is recorded. Staff. @param {string} id @returns {Promise<Person>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** A person one acts for.
     * @param {{full_name: string, birth_on: string, relation: string, basis: "guardian"|"carer"}} dependant
     * @param {Options} [options] @returns {Promise<Person>} */
    createDependant: (dependant, options) => http.call(operations.createDependant, { body: dependant, options }),
    /** The people one acts for. @param {{limit?: number, after?: string}} [query] @returns {Promise<Page<Person>>} */
    dependants: (query) => http.call(operations.dependants, { query }),
    /** The new grant alone. Admin. @param {string} id whose @param {NewGrant} grant @param {Options} [options]
     * @returns {Promise<Grant>} */
    grantRole: (id, grant, options) => http.call(operations.grantRole, { ids: { id }, body: grant, options }),
    /** The grant, ended; the right is gone with the next request. Admin.
     * @param {string} id whose @param {string} grantId @returns {Promise<Grant>} */
    revokeRole: (id, grantId) => http.call(operations.revokeRole, { ids: { id, grant_id: grantId } }),
    /**
     * The grant an invitation held.
     * @param {{code: string}} body @param {Options} [options] @returns {Promise<Grant>}
     */
    acceptRole: (body, options) => http.call(operations.acceptRole, { body, options }),
    /** A code for one relative; danger alone is shown unless said otherwise.
     * @param {{sees?: Sees[], may_file?: boolean, person_id?: string}} body @param {Options} [options]
     * @returns {Promise<{code: string, expires_at: string}>} */
    inviteFamily: (body, options) => http.call(operations.inviteFamily, { body, options }),
    /** The tie that a code makes of oneself. @param {{code: string, relation: string}} body
     * @param {Options} [options] @returns {Promise<Tie>} */
    joinFamily: (body, options) => http.call(operations.joinFamily, { body, options }),
    /** Who sees something of one, and of whom one sees something.
     * @param {{person_id?: string, limit?: number, after?: string}} [query] @returns {Promise<Page<Tie>>} */
    family: (query) => http.call(operations.family, { query }),
    /** The tie as changed; it counts from the next request.
     * @param {string} id @param {{sees?: Sees[], may_file?: boolean}} body @param {Options} [options]
     * @returns {Promise<Tie>} */
    changeFamily: (id, body, options) => http.call(operations.changeFamily, { ids: { id }, body, options }),
    /** The tie, ended. @param {string} id @returns {Promise<Tie>} */
    endFamily: (id) => http.call(operations.endFamily, { ids: { id } }),
    /** What a patient lets one see now; the rest is null. @param {string} id whose @returns {Promise<any>} */
    shared: (id) => http.call(operations.shared, { ids: { id } }),
    /** A cheer; the first of a day counts. @param {string} id for whom @param {{words?: string}} body
     * @param {Options} [options] @returns {Promise<{counts: boolean, days_cheered: number}>} */
    cheer: (id, body, options) => http.call(operations.cheer, { ids: { id }, body, options }),
    /** Who is told of a message, in order. Health staff. @param {string} id of the patient
     * @param {{severity: "routine"|"serious"|"critical", subject: string, body: string}} body
     * @param {Options} [options] @returns {Promise<Letter>} */
    sendMessage: (id, body, options) => http.call(operations.sendMessage, { ids: { id }, body, options }),
    /** What was written to a patient: who was told, whether a nudge reached them, and when they read it. Health staff.
     * @param {string} id of the patient @param {{limit?: number, after?: string}} [query] @returns {Promise<Page<Letter>>} */
    sentMessages: (id, query) => http.call(operations.sentMessages, { ids: { id }, query }),
    /** What was written to one, newest first; looking at it is reading it.
     * @param {{person_id?: string, limit?: number, after?: string}} [query] @returns {Promise<Page<Kept>>} */
    keptMessages: (query) => http.call(operations.keptMessages, { query }),
    /** The targets in force for somebody, and where each comes from. @param {string} id @returns {Promise<Targets>} */
    targets: (id) => http.call(operations.targets, { ids: { id } }),
    /** The targets with these in place of what was set before. Nurse or doctor. @param {string} id of the patient
     * @param {{ranges?: Record<string, {from_mmol_l: number, below_mmol_l: number}>, limits?: Record<string, number>,
     *   frail?: boolean, hba1c_below_percent?: number, note?: string}} body @returns {Promise<Targets>} */
    setTargets: (id, body) => http.call(operations.setTargets, { ids: { id }, body }),
    /** The cheers one was given. @param {{person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<Page<Cheered>>} */
    cheers: (query) => http.call(operations.cheers, { query }),
  };
}

module.exports = { people, operations };
