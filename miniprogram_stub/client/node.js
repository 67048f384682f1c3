// @ts-check
"use strict";

const { randomUUID } = require("node:crypto");
const fs = require("node:fs");

/** A store that forgets when the program ends. @returns {import("./tokens").Store} */
function memoryStore() {
  const kept = new Map();
  return {
    // A copy in and a copy out, as with any real store: nobody changes what is kept by holding on to it.
    get: (key) => (kept.has(key) ? JSON.parse(kept.get(key)) : undefined),
    set: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
  };
}

/** A store in one JSON file, for its owner's eyes only. @param {string} path @returns {import("./tokens").Store} */
function fileStore(path) {
  /** @returns {Object<string, any>} */
  const read = () => (fs.existsSync(path) ? JSON.parse(fs.readFileSync(path, "utf8")) : {});
  /** @param {Object<string, any>} all */
  const write = (all) => {
    // Written beside and moved over, so that a crash leaves the old file or the new one, never half of one.
    const draft = fs.openSync(`${path}.new`, "w", 0o600);
    fs.writeFileSync(draft, JSON.stringify(all));
    fs.fsyncSync(draft);
    fs.closeSync(draft);
    fs.renameSync(`${path}.new`, path);
  };
  return {
    get: (key) => read()[key],
    set: (key, value) => write(Object.assign(read(), { [key]: value })),
    remove: (key) => {
      const all = read();
      delete all[key];
      write(all);
    },
  };
}

/** A form with the file in it, as wx.uploadFile sends one. @param {import("./http").File} file */
function formOf(file) {
  const bytes = typeof file === "string" ? fs.readFileSync(file) : file;
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(bytes)]), "file");
  return form;
}

/** @param {import("./http").Message} message @returns {Promise<import("./http").Answer>} */
async function request({ method, url, headers, body, file, timeoutMs, picture }) {
  try {
    const sent = file === undefined ? body : formOf(file);
    const response = await fetch(url, { method, headers, body: sent, signal: AbortSignal.timeout(timeoutMs) });
    const answer = { status: response.status, headers: Object.fromEntries(response.headers), text: "" };
    if (picture && response.ok) return Object.assign(answer, { bytes: await response.arrayBuffer() });
    return Object.assign(answer, { text: await response.text() });
  } catch (error) {
    throw Object.assign(new Error(String(error)), { timeout: error instanceof Error && error.name === "TimeoutError" });
  }
}

/**
 * The client's world in Node.
 * @param {{store?: import("./tokens").Store}} [parts] @returns {import("./http").Platform}
 */
function nodePlatform({ store = memoryStore() } = {}) {
  return {
    request,
    wait: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
    newId: randomUUID,
    store,
  };
}

module.exports = { nodePlatform, memoryStore, fileStore };
