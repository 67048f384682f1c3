// @ts-check
"use strict";

const { picture, reads } = require("./operation");

/**
 * Which days: the last so many, or from one to another; whose, one's own when it is not said.
 * @typedef {{days?: number, from?: string, to?: string, person_id?: string}} Window
 * @typedef {{code: string, needed: number|null, have: number|null, text: string}} Reason why a figure is null
 * @typedef {{n: number, mean_delta_mmol_l: number|null, notable_rises: number, falls: number}} Pairs
 * @typedef {{slot: string, n: number, mean_mmol_l: number|null, lowest_mmol_l: number|null, highest_mmol_l: number|null,
 *   in_target: number, judged: number}} Slot
 * @typedef {{person_id: string, from: string, to: string, readings: number, days_with_readings: number,
 *   mean_mmol_l: number|null, mean_mg_dl: number|null, sd_mmol_l: number|null, sd_mg_dl: number|null,
 *   cv_percent: number|null, lbgi: number|null, hbgi: number|null, ea1c_percent: number|null, judged: number,
 *   in_target_percent: number|null, in_range_percent: number|null, low_percent: number|null,
 *   very_low_percent: number|null, high_percent: number|null, very_high_percent: number|null,
 *   beyond_meter: {hi: number, lo: number}, pairs: Pairs & {by_meal: (Pairs & {meal: string})[]}, slots: Slot[],
 *   lows: any[], sensor: any|null,
 *   targets: import("./people").Targets["ranges"], reasons: Record<string, Reason>, caveats: string[]}} Insight
 */

const operations = {
  me: reads("/insights/me"),
  trend: picture(reads("/insights/me/trend.svg")),
  report: picture(reads("/insights/me/report.pdf")),
};

/** @param {import("./http").Http} http */
function insights(http) {
  return {
    /**
     * What the readings of these days say. Every null has its reason, fit to show, under its name in `reasons`.
     * @param {Window} [query] @returns {Promise<Insight>}
     */
    me: (query) => http.call(operations.me, { query }),
    /** The trend as SVG: the last day, all days, or the modal day by slot.
     * @param {Window & {view?: "day"|"days"|"modal"}} [query] @returns {Promise<ArrayBuffer>} */
    trend: (query) => http.call(operations.trend, { query }),
    /** The doctor's page as A4 PDF. @param {Window} [query] @returns {Promise<ArrayBuffer>} */
    report: (query) => http.call(operations.report, { query }),
  };
}

module.exports = { insights, operations };
