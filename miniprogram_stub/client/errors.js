// @ts-check
"use strict";

/**
 * What to do about a dangerous reading, ready to show.
 * @typedef {{level: string, title: string, steps: string[], call_120: boolean, late?: boolean,
 *   over?: boolean}} Advice `late` of a reading that was long ago when it was told, `over` one that a later reading ended
 */

/**
 * The server said no: a problem document (RFC 9457) as an error. `message` is the sentence to show.
 * `advice` is the treat-now card; whoever catches a refused reading must show it.
 */
class ProblemError extends Error {
  /**
   * @param {{status: number, code?: string, detail?: string, errors?: any, advice?: Advice|null,
   *   request_id?: string}} problem
   */
  constructor(problem) {
    super(problem.detail || `服务器没有说明原因（${problem.status}），请稍后再试。`);
    this.name = "ProblemError";
    this.status = problem.status;
    /** Never changes once released; `http_<status>` when something in between answered instead of the server. */
    this.code = problem.code || `http_${problem.status}`;
    this.detail = this.message;
    /** @type {Object<string, string[]>} */
    this.errors = problem.errors || {};
    /** @type {Advice|null} */
    this.advice = problem.advice || null;
    this.requestId = problem.request_id || "";
  }
}

/** No answer of the server's came: the request may or may not have arrived. */
class OfflineError extends Error {
  /** @param {"network"|"timeout"|"not_ours"} reason "not_ours": something else answered, say a hotel's sign-in page */
  constructor(reason) {
    super("网络不通，请稍后再试。");
    this.name = "OfflineError";
    this.code = "offline";
    this.reason = reason;
    this.detail = this.message;
  }
}

exports.ProblemError = ProblemError;
exports.OfflineError = OfflineError;
