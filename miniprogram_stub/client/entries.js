// @ts-check
"use strict";

const { changes, files, reads, removes } = require("./operation");
const { Queue } = require("./queue");

/**
 * An entry 打卡记录 to be filed. `occurred_at` is RFC 3339 with an offset.
 * @typedef {object} Draft
 * @property {string} [id] made on the phone; made here when absent
 * @property {"meal"|"exercise"|"glucose"|"lesson"} kind
 * @property {string} occurred_at
 * @property {string} [note]
 * @property {"manual"|"meter"|"cgm"|"import"|"phone"} [source]
 * @property {string} [person_id] the person it is filed for, when not oneself
 * @property {number|"HI"|"LO"} [value] glucose
 * @property {"mmol/L"|"mg/dL"} [unit] glucose
 * @property {string} [slot] glucose, meal
 * @property {1|2} [hours_after] glucose
 * @property {number} [ketone_mmol_l] glucose
 * @property {string|number} [urine_ketone] glucose
 * @property {string[]} [symptoms] glucose
 * @property {boolean} [not_mine] glucose
 * @property {string} [text] meal
 * @property {{name: string, grams: number}[]} [foods] meal
 * @property {string} [photo_id] meal
 * @property {string} [activity] exercise
 * @property {number} [minutes] exercise
 * @property {"low"|"medium"|"high"} [intensity] exercise
 * @property {boolean} [rest] exercise: rested, with a note that says why
 * @property {string} [lesson_id] lesson
 *
 * @typedef {Draft & {id: string, person_id: string, filed_by: string, recorded_at: string, day: string,
 *   counts: boolean, counts_reason: string|null, version: number, glucose_mmol_l?: number|null, band?: string,
 *   on_target?: boolean|null, hints?: any[], carbohydrate_g?: number|null,
 *   carbohydrate_certainty?: "high"|"medium"|"low"|"none", energy_kcal?: number|null, foods_read?: any[], asks?: any[],
 *   met?: number, weight_kg?: number, weight_assumed?: boolean}} Entry
 *
 * @typedef {{done: Object<string, number>, required: Object<string, number>, complete: boolean}} Today
 * @typedef {{points_earned: number, balance: number, streak: {current: number, longest: number}|null,
 *   today: Today|null}} Standing
 * @typedef {Standing & {entry: Entry, advice: import("./errors").Advice|null}} Filed
 *
 * What became of one entry of a sync: the entry and its advice, or the problem that stands in its way.
 * @typedef {{id: string, status: "created"|"identical"|"conflict"|"gone"|"invalid", entry?: Entry,
 *   advice?: import("./errors").Advice|null, problem?: any}} SyncResult
 *
 * One change; `entry` is as it stands now, null when it was deleted.
 * @typedef {{id: string, change: number, deleted: boolean, entry: Entry|null}} Change
 * @typedef {{items: Change[], next: string|null, last_change: number}} Changes
 * @typedef {import("./http").Options} Options
 */

const operations = {
  file: files("/entries"),
  sync: files("/entries/sync"),
  importFile: Object.assign(files("/entries/import"), { upload: true }),
  exportFhir: reads("/entries/fhir"),
  takeFhir: files("/entries/fhir"),
  history: reads("/entries"),
  show: reads("/entries/{id}"),
  change: changes("/entries/{id}"),
  remove: removes("/entries/{id}"),
  changes: reads("/entries/changes"),
};

/**
 * @param {import("./http").Http} http
 * @param {{store: import("./tokens").Store, newId: () => string, whose: () => string|null}} device
 */
function entries(http, device) {
  /** @param {Draft[]} drafts @param {Options} [options] @returns {Promise<{results: SyncResult[]}>} */
  const sync = (drafts, options) => http.call(operations.sync, { body: { entries: drafts }, options });
  const queue = new Queue(Object.assign({ sync }, device));

  return {
    /** Filed at once, and what it brought. What must survive a bad connection is kept and flushed instead.
     * @param {Draft} draft @param {Options} [options] @returns {Promise<Filed>} */
    file: (draft, options) =>
      http.call(operations.file, { body: Object.assign({}, draft, { id: draft.id || device.newId() }), options }),
    /** The server's word on each of 1 to 100 entries that have ids, in the order sent. */
    sync,
    /** What became of every line of a meter's CSV file; the same file twice changes nothing.
     * @param {import("./http").File} file
     * @param {{dry_run?: "true"|"false", unit?: "mmol/L"|"mg/dL", day_first?: "true"|"false", clock_ahead_minutes?: number,
     *   time_column?: string, value_column?: string, unit_column?: string, slot_column?: string, person_id?: string}} [query]
     * @param {Options} [options] @returns {Promise<Record<string, any>>} */
    importFile: (file, query, options) => http.call(operations.importFile, { file, query, options }),
    /** The record as a FHIR R4 Bundle.
     * @param {{from?: string, to?: string, person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<Record<string, any>>} */
    exportFhir: (query) => http.call(operations.exportFhir, { query }),
    /** What became of each Observation of a Bundle; the same ones twice change nothing.
     * @param {Record<string, any>} resource @param {{person_id?: string}} [query] @param {Options} [options]
     * @returns {Promise<Record<string, any>>} */
    takeFhir: (resource, query, options) => http.call(operations.takeFhir, { body: resource, query, options }),
    /** One's own entries, or a person's in one's scope.
     * @param {{kind?: string, from?: string, to?: string, person_id?: string, limit?: number, after?: string}} [query]
     * @returns {Promise<import("./people").Page<Entry>>} */
    history: (query) => http.call(operations.history, { query }),
    /** @param {string} id @returns {Promise<Entry>} */
    show: (id) => http.call(operations.show, { ids: { id } }),
    /** The entry as changed, with what that did to points and streak.
     * @param {string} id @param {Partial<Draft>} draft @param {Options} [options] @returns {Promise<Filed>} */
    change: (id, draft, options) => http.call(operations.change, { ids: { id }, body: draft, options }),
    /**
     * What is left after the entry is gone.
     * @param {string} id @param {Options} [options] @returns {Promise<Standing>}
     */
    remove: (id, options) => http.call(operations.remove, { ids: { id }, options }),
    /**
     * Changes and tombstones after the change of that number, in order; `last_change` is the next time's `since`.
     * @param {{since?: number, limit?: number}} [query] @returns {Promise<Changes>}
     */
    changes: (query) => http.call(operations.changes, { query }),
    /** The entry with its id, stored on the device to be flushed. @param {Draft} draft */
    keep: (draft) => queue.keep(draft),
    /** What is stored on the device. */
    kept: () => queue.kept(),
    /** Forgets a stored entry. @param {string} id */
    drop: (id) => queue.drop(id),
    /** What became of the stored entries, now sent. */
    flush: () => queue.flush(),
  };
}

module.exports = { entries, operations };
