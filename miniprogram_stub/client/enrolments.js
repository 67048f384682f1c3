// @ts-check
"use strict";

const { acts, changes, creates, reads } = require("./operation");

/**
 * @typedef {"applied"|"active"|"paused"|"finished"|"declined"|"withdrawn"|"closed"} EnrolmentStatus
 * @typedef {{join_code: string, board_visible: boolean, screening?: Object<string, boolean>, plan?: string,
 *   channel?: string, person_id?: string}} NewEnrolment
 * @typedef {{id: string, person_id: string, camp_id: string, class_id: string, camp: any, class: any, plan: string,
 *   status: EnrolmentStatus, joined_day: string|null, pauses: any[], version: number}} Enrolment
 * @typedef {import("./http").Options} Options
 */

const operations = {
  join: creates("/enrolments"),
  page: reads("/enrolments"),
  show: reads("/enrolments/{id}"),
  approve: acts("/enrolments/{id}/approve"),
  decline: acts("/enrolments/{id}/decline"),
  changePlan: changes("/enrolments/{id}/plan"),
  pause: acts("/enrolments/{id}/pause"),
  withdraw: acts("/enrolments/{id}/withdraw"),
  transfer: acts("/enrolments/{id}/transfer"),
  close: acts("/enrolments/{id}/close"),
};

/** @param {import("./http").Http} http */
function enrolments(http) {
  /** @param {import("./operation").Operation} operation
   * @returns {(id: string, body?: any, options?: Options) => Promise<Enrolment>} */
  const one = (operation) => (id, body, options) => http.call(operation, { ids: { id }, body, options });

  return {
    /** The new enrolment, active at once unless a screening answer asks for staff.
     * @param {NewEnrolment} enrolment @param {Options} [options] @returns {Promise<Enrolment>} */
    join: (enrolment, options) => http.call(operations.join, { body: enrolment, options }),
    /** One's own, a dependant's, or for staff those of a class or camp.
     * @param {{person_id?: string, class_id?: string, camp_id?: string, status?: EnrolmentStatus, limit?: number,
     *   after?: string}} [query]
     * @returns {Promise<import("./people").Page<Enrolment>>} */
    page: (query) => http.call(operations.page, { query }),
    /** @param {string} id @returns {Promise<Enrolment>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** Health staff let them in. `(id)` */
    approve: one(operations.approve),
    /** Health staff do not, and say why. `(id, {reason})` */
    decline: one(operations.decline),
    /** Another plan. Health staff. `(id, {plan})` */
    changePlan: one(operations.changePlan),
    /** A rest 请假. `(id, {from, to, reason})`, camp days, both included */
    pause: one(operations.pause),
    /** Out by one's own wish. `(id, {reason?})` */
    withdraw: /** @type {ReturnType<typeof one>} */ (id, body = {}, options) =>
      http.call(operations.withdraw, { ids: { id }, body, options }),
    /** Into another class. Staff. `(id, {class_id})` */
    transfer: one(operations.transfer),
    /** Closed for a reason. Staff. `(id, {reason})` */
    close: one(operations.close),
  };
}

module.exports = { enrolments, operations };
