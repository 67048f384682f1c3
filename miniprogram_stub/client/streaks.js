// @ts-check
"use strict";

const { creates, reads } = require("./operation");

/**
 * @typedef {"complete"|"made_up"|"partial"|"missed"|"paused"|"open"|"future"|"before_joining"} DayState
 * @typedef {{day: string, number: number, state: DayState, why: string}} CampDay
 * @typedef {import("./entries").Today & {day: string, number: number}} NumberedToday
 * @typedef {{current: number, longest: number, complete_days: number, today: NumberedToday|null, days: CampDay[],
 *   makeup_cards_left: number}} Streak
 * @typedef {import("./http").Options} Options
 */

const operations = {
  me: reads("/streaks/me"),
  makeUp: creates("/streaks/makeups"),
};

/** @param {import("./http").Http} http */
function streaks(http) {
  return {
    /**
     * One's run and every camp day with its reason.
     * @param {{enrolment_id: string}} query @returns {Promise<Streak>}
     */
    me: (query) => http.call(operations.me, { query }),
    /** A make-up card 补卡 played on a closed day.
     * @param {{enrolment_id: string, day: string}} body @param {Options} [options]
     * @returns {Promise<Streak & {id: string}>} */
    makeUp: (body, options) => http.call(operations.makeUp, { body, options }),
  };
}

module.exports = { streaks, operations };
