// @ts-check
"use strict";

const { ProblemError } = require("./errors");

/**
 * @typedef {import("./entries").Draft} Draft
 * @typedef {import("./entries").SyncResult} SyncResult
 * @typedef {{status: "conflict"|"invalid", problem: any}} Refusal
 * @typedef {{draft: Draft & {id: string}, refusal: Refusal|null}} Kept
 *
 * @typedef {object} Flushed
 * @property {SyncResult[]} results the server's word on every entry it answered now, with its advice: show it
 * @property {Kept[]} refused what it refused, now and before; stays here until kept again (corrected) or dropped
 * @property {number} waiting how many are still to be sent
 * @property {Error|null} stoppedBy why it ended early: OfflineError, or the ProblemError of a whole request
 */

const ENTRIES_AT_MOST = 100;
// Below the server's 256 KiB. A character counts as three bytes, which is what a Chinese one takes.
const CHARACTERS_AT_MOST = 80000;
// Answers to a whole request that one bad entry in it may have caused.
const BLAMES_CONTENT = [400, 413, 422];

/** As many of the first as fit into one request, at least one. @param {Kept[]} kept @param {number} size */
function fit(kept, size) {
  let characters = 0;
  const batch = kept.slice(0, size);
  const over = batch.findIndex((one) => (characters += JSON.stringify(one.draft).length) > CHARACTERS_AT_MOST);
  return over === -1 ? batch : batch.slice(0, Math.max(over, 1));
}

/** @param {SyncResult} result @returns {[string, Refusal|null]} */
const wordOn = (result) => [result.id, result.status === "conflict" || result.status === "invalid"
  ? { status: result.status, problem: result.problem || null } : null];

/** A problem as a sync answer holds it; an Error cannot be stored.
 * @param {import("./errors").ProblemError} error */
const plain = ({ status, code, detail, errors, advice }) => ({ status, code, detail, errors, advice });

/**
 * The entries not yet with the server. An entry is stored, with its id, before anything is sent; so a flat battery, a
 * tunnel or a second tap neither loses nor doubles it. Each person on a shared phone has their own.
 */
class Queue {
  /**
   * @param {{store: import("./tokens").Store, newId: () => string, whose: () => string|null,
   *   sync: (drafts: Draft[]) => Promise<{results: SyncResult[]}>}} parts
   */
  constructor({ store, newId, whose, sync }) {
    this.store = store;
    this.newId = newId;
    this.whose = whose;
    this.sync = sync;
    /** @type {{key: string, promise: Promise<Flushed>}|null} */
    this.flushing = null;
  }

  /**
   * The entry with its id, stored to be sent in its turn. The same id again replaces it.
   * @param {Draft} draft @returns {Draft & {id: string}}
   */
  keep(draft) {
    const key = this.key();
    const withId = Object.assign({}, draft, { id: draft.id || this.newId() });
    const kept = this.all(key);
    const place = kept.findIndex((one) => one.draft.id === withId.id);
    kept.splice(place === -1 ? kept.length : place, place === -1 ? 0 : 1, { draft: withId, refusal: null });
    this.store.set(key, kept);
    return withId;
  }

  /** What is stored, in order, refused ones too. @returns {Kept[]} */
  kept() {
    return this.all(this.key());
  }

  /** Forgets a stored entry. @param {string} id */
  drop(id) {
    const key = this.key();
    this.store.set(key, this.all(key).filter((one) => one.draft.id !== id));
  }

  /**
   * What became of the stored entries, sent oldest first; asked twice at once, it is done once. It does not throw for
   * the network or a refusal: see `stoppedBy` and `refused`.
   * @returns {Promise<Flushed>}
   */
  flush() {
    const key = this.key();
    if (this.flushing && this.flushing.key === key) return this.flushing.promise;
    const going = { key, promise: this.sendAll(key) };
    const done = () => { if (this.flushing === going) this.flushing = null; };
    this.flushing = going;
    going.promise.then(done, done);
    return going.promise;
  }

  /** @param {string} key @returns {Promise<Flushed>} */
  async sendAll(key) {
    const asked = new Set();
    /** @type {SyncResult[]} */
    const results = [];
    /** @type {Error|null} */
    let stoppedBy = null;
    let size = ENTRIES_AT_MOST;
    const unsent = () => this.all(key).filter((one) => !one.refusal && !asked.has(JSON.stringify(one.draft)));
    // Should somebody else sign in meanwhile, the rest is not theirs to send.
    while (!stoppedBy && this.keyOf(this.whose()) === key && unsent().length) {
      const batch = fit(unsent(), size);
      try {
        const answer = await this.sync(batch.map((one) => one.draft));
        batch.forEach((one) => asked.add(JSON.stringify(one.draft)));
        results.push(...answer.results);
        this.settle(key, batch, answer.results.map(wordOn));
      } catch (error) {
        const blamed = error instanceof ProblemError && BLAMES_CONTENT.includes(error.status);
        // One entry must not hold up the rest: halve until it stands alone, then set it aside.
        if (!blamed) stoppedBy = /** @type {Error} */ (error);
        else if (batch.length > 1) size = Math.ceil(batch.length / 2);
        else this.settle(key, batch, [[batch[0].draft.id, { status: "invalid", problem: plain(error) }]]);
      }
    }
    const left = this.all(key);
    const refused = left.filter((one) => one.refusal);
    return { results, refused, waiting: left.length - refused.length, stoppedBy };
  }

  /**
   * Takes the server's word on what was sent: what it has is dropped, what it refused is marked. An entry changed since
   * it went out stays as it is, to be sent again.
   * @param {string} key @param {Kept[]} batch @param {[string, Refusal|null][]} words null: the server has it
   */
  settle(key, batch, words) {
    const wordById = new Map(words);
    const sentById = new Map(batch.map((one) => [one.draft.id, JSON.stringify(one.draft)]));
    const left = this.all(key).flatMap((one) => {
      const word = wordById.get(one.draft.id);
      const unchanged = sentById.get(one.draft.id) === JSON.stringify(one.draft);
      if (word === undefined || !unchanged) return [one];
      return word === null ? [] : [{ draft: one.draft, refusal: word }];
    });
    this.store.set(key, left);
  }

  /** @param {string} key @returns {Kept[]} */
  all(key) {
    return this.store.get(key) || [];
  }

  /** @param {string|null} personId */
  keyOf(personId) {
    return `tangying.kept.${personId}`;
  }

  key() {
    const personId = this.whose();
    if (personId) return this.keyOf(personId);
    throw new ProblemError({ status: 401, code: "unauthenticated", detail: "请先登录，再打卡。" });
  }
}

exports.Queue = Queue;
