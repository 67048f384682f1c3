// @ts-check
"use strict";

const { ProblemError, OfflineError } = require("./errors");
const { safeToRepeat } = require("./operation");

/**
 * @typedef {import("./operation").Operation} Operation
 * @typedef {import("./tokens").Tokens} Tokens
 *
 * What a platform answers: header names in lower case; `bytes` instead of `text` when a picture was asked for and came.
 * @typedef {{status: number, headers: Object<string, string>, text: string, bytes?: ArrayBuffer}} Answer
 * @typedef {{method: string, url: string, headers: Object<string, string>, body?: string, file?: File, timeoutMs: number,
 *   picture: boolean}} Message
 *
 * A file to send: its path on the device, as wx.chooseMedia and wx.chooseMessageFile name it, or, in Node, its bytes.
 * @typedef {string|Uint8Array} File
 *
 * The world the client runs in: Node or WeChat. `request` answers for every HTTP status and throws an error, whose
 * `timeout` is true when that was why, only if no answer came.
 * @typedef {object} Platform
 * @property {(message: Message) => Promise<Answer>} request
 * @property {(ms: number) => Promise<void>} wait
 * @property {() => string} newId
 * @property {import("./tokens").Store} store
 *
 * @typedef {object} Options
 * @property {string} [idempotencyKey] a key made and kept by the caller, to ask again after a restart
 * @property {number} [version] the version the caller has seen; 412 when somebody changed it since
 * @property {number} [timeoutMs]
 *
 * @typedef {{ids?: Object<string, string>, query?: Object<string, any>, body?: any, file?: File, options?: Options}} Parts
 */

const ROOT = "/api/v1";
const TIMEOUT_MS = 15000;
// A photo over a slow line in a village takes its time.
const UPLOAD_TIMEOUT_MS = 60000;const REPEATS_AT_MOST = 3;
// A person is looking at the screen: somebody asked to come back later than this hears so instead of waiting.
const WAIT_AT_MOST_SECONDS = 30;
const WAIT_UNLESS_TOLD_SECONDS = 1;

/** The path with its ids in it. @param {string} path @param {Object<string, string>} ids */
function fill(path, ids) {
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    // An empty id would turn "one of them" into "all of them".
    if (!ids[name]) throw new TypeError(`${path} needs ${name}`);
    return encodeURIComponent(ids[name]);
  });
}

/**
 * "?a=1&b=2", or "" when nothing is asked; what is null or undefined is left out.
 * @param {Object<string, any>} query
 */
function ask(query) {
  const given = Object.keys(query).filter((name) => query[name] !== undefined && query[name] !== null);
  const pairs = given.map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(String(query[name]))}`);
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/**
 * Milliseconds to wait as Retry-After asks (seconds or a date), or null when that is too long to wait.
 * @param {Answer} answer
 */
function waitAsked(answer) {
  const asked = answer.headers["retry-after"];
  const date = asked ? Date.parse(asked) : NaN;
  let seconds = WAIT_UNLESS_TOLD_SECONDS;
  if (asked && /^\d+$/.test(asked)) seconds = Number(asked);
  else if (!Number.isNaN(date)) seconds = Math.max(0, (date - Date.now()) / 1000);
  if (seconds > WAIT_AT_MOST_SECONDS) return null;
  // At seven in the morning everybody was sent away in the same second; they should not all come back in one.
  return Math.ceil(seconds * 1000 * (1 + Math.random() / 2));
}

/** The JSON of an answer, or undefined when it is none. @param {Answer} answer @returns {any} */
function parse(answer) {
  if (!/\bjson\b/.test(answer.headers["content-type"] || "")) return undefined;
  try {
    return JSON.parse(answer.text);
  } catch (error) {
    return undefined;
  }
}

// What the server sends as bytes. A page of a hotel's network is none of these.
const BYTES = /^(image\/|application\/(pdf|octet-stream|vc\+jwt)\b)/;

/** The bytes of a picture or paper, or undefined when it is none. @param {Answer} answer */
const bytesOf = (answer) => (BYTES.test(answer.headers["content-type"] || "") ? answer.bytes : undefined);

/** What the answer holds; throws when the server refused, or when it was not the server who answered.
 * @param {Operation} operation @param {Answer} answer */
function unwrap(operation, answer) {
  if (answer.status === 204) return null;
  const body = operation.picture && answer.status < 400 ? bytesOf(answer) : parse(answer);
  if (answer.status >= 400) throw new ProblemError(Object.assign({}, body, { status: answer.status }));
  if (body === undefined) throw new OfflineError("not_ours");
  return body;
}

/** The one way to the server: tokens, keys, patience and errors are here and nowhere else. */
class Http {
  /**
   * @param {{baseUrl: string, platform: Platform, newId: () => string,
   *   tokens: ReturnType<typeof import("./tokens").keepTokens>, renewal: Operation}} parts
   */
  constructor({ baseUrl, platform, newId, tokens, renewal }) {
    this.base = baseUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "") + ROOT;
    this.platform = platform;
    this.newId = newId;
    this.tokens = tokens;
    this.renewal = renewal;
    /** @type {{refreshToken: string, promise: Promise<Tokens>}|null} */
    this.renewing = null;
  }

  /**
   * What the server answers. Throws ProblemError when it refuses and OfflineError when it cannot be reached.
   * @param {Operation} operation @param {Parts} [parts] @returns {Promise<any>}
   */
  async call(operation, parts = {}) {
    const message = this.compose(operation, parts);
    const used = operation.open ? null : this.tokens.read();
    try {
      return await this.send(operation, message, used);
    } catch (error) {
      const expired = error instanceof ProblemError && error.status === 401
        && (error.code === "token_expired" || error.code === "unauthenticated");
      const renewed = used && expired ? await this.renew(used) : null;
      if (!renewed) throw error;
      return this.send(operation, message, renewed);
    }
  }

  /**
   * Tokens newer than the ones used, or null when somebody else is signed in by now. However many requests find theirs
   * expired, one exchange is made: a refresh token used twice signs the person out.
   * @param {Tokens} used @returns {Promise<Tokens|null>}
   */
  async renew(used) {
    const now = this.tokens.read();
    if (!now || now.person.id !== used.person.id) return null;
    if (now.access_token !== used.access_token) return now;
    if (this.renewing && this.renewing.refreshToken === now.refresh_token) return this.renewing.promise;
    const going = { refreshToken: now.refresh_token, promise: this.exchange(now) };
    const done = () => { if (this.renewing === going) this.renewing = null; };
    this.renewing = going;
    going.promise.then(done, done);
    return going.promise;
  }

  /**
   * New tokens for old ones. They are kept only if nobody signed out, or in, meanwhile.
   * @param {Tokens} old @returns {Promise<Tokens>}
   */
  async exchange(old) {
    const { renewal, tokens } = this;
    const current = () => (tokens.read() || { refresh_token: "" }).refresh_token === old.refresh_token;
    try {
      const message = this.compose(renewal, { body: { refresh_token: old.refresh_token } });
      const renewed = Object.assign({}, old, await this.send(renewal, message, null));
      if (current()) tokens.write(renewed);
      return renewed;
    } catch (error) {
      // A 401 without our own code is some proxy's, and no reason to sign anybody out.
      const refused = error instanceof ProblemError && error.status === 401 && error.code !== "http_401";
      if (refused && current()) tokens.forget();
      throw error;
    }
  }

  /**
   * The request as it goes out, each time alike: its key is made here, once.
   * @param {Operation} operation @param {Parts} parts @returns {Message}
   */
  compose(operation, { ids = {}, query = {}, body, file, options = {} }) {
    /** @type {Object<string, string>} */
    const headers = { Accept: "application/json, application/problem+json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (operation.keyed) headers["Idempotency-Key"] = options.idempotencyKey || this.newId();
    // An ETag is "<version>.<hash>"; the server compares what stands before the dot.
    if (options.version !== undefined) headers["If-Match"] = `"${options.version}.0"`;
    return {
      method: operation.method,
      url: this.base + fill(operation.path, ids) + ask(query),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      file,
      timeoutMs: options.timeoutMs || (operation.upload ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS),
      picture: Boolean(operation.picture),
    };
  }

  /** @param {Operation} operation @param {Message} message @param {Tokens|null} used */
  async send(operation, message, used) {
    const signed = used ? { Authorization: `Bearer ${used.access_token}` } : {};
    const whole = Object.assign({}, message, { headers: Object.assign(signed, message.headers) });
    for (let repeats = 0; ; repeats += 1) {
      const answer = await this.reach(operation, whole);
      const busy = answer.status === 429 || answer.status === 503;
      const ms = busy && safeToRepeat(operation) && repeats < REPEATS_AT_MOST ? waitAsked(answer) : null;
      if (ms === null) return unwrap(operation, answer);
      await this.platform.wait(ms);
    }
  }

  /**
   * One answer, or OfflineError. A connection that broke is tried once more where that is safe: a server may close an
   * idle one in the very moment we use it.
   * @param {Operation} operation @param {Message} message @returns {Promise<Answer>}
   */
  async reach(operation, message, mayRepeat = safeToRepeat(operation)) {
    try {
      return await this.platform.request(message);
    } catch (error) {
      const timeout = Boolean(error && /** @type {any} */ (error).timeout);
      if (timeout || !mayRepeat) throw new OfflineError(timeout ? "timeout" : "network");
      return this.reach(operation, message, false);
    }
  }
}

exports.Http = Http;
