// @ts-check
"use strict";

/** Text from UTF-8 bytes; WeChat has no TextDecoder. @param {ArrayBuffer} bytes */
function textOf(bytes) {
  const hex = Array.from(new Uint8Array(bytes), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  try {
    return decodeURIComponent(hex);
  } catch (error) {
    return "";
  }
}

/** @param {Object<string, any>} headers @returns {Object<string, string>} */
function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers || {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** A random UUID (version 4). It has to be unlike every other, not unguessable: who may read what never rests on it. */
function newId() {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (letter) => {
    const digit = Math.floor(Math.random() * 16);
    return (letter === "x" ? digit : 8 + (digit % 4)).toString(16);
  });
}

/** What broke, as the client wants to know it. @param {any} failure */
function brokenBy(failure) {
  const why = String((failure && failure.errMsg) || "");
  return Object.assign(new Error(why), { timeout: /timeout/i.test(why) });
}

/**
 * The client's world in WeChat.
 * @param {any} host the `wx` object
 * @returns {import("./http").Platform}
 */
function wxPlatform(host) {
  /** @param {import("./http").Message} message @returns {Promise<import("./http").Answer>} */
  const upload = ({ url, headers, file, timeoutMs }) => new Promise((resolve, reject) => {
    if (typeof file !== "string") throw new TypeError("wx sends a file by its path");
    host.uploadFile({
      url, filePath: file, name: "file", header: headers, timeout: timeoutMs,
      // wx.uploadFile tells a status and a text, no headers: what our server says is JSON, or a refusal that is.
      success: (/** @type {any} */ answer) => resolve({
        status: answer.statusCode, headers: { "content-type": "application/json", ...lowerCase(answer.header) },
        text: String(answer.data || ""),
      }),
      fail: (/** @type {any} */ failure) => reject(brokenBy(failure)),
    });
  });

  /** @param {import("./http").Message} message @returns {Promise<import("./http").Answer>} */
  const request = ({ method, url, headers, body, timeoutMs, picture }) => new Promise((resolve, reject) => {
    // wx.request knows no PATCH: it travels as a POST that says what it is.
    const patch = method === "PATCH";
    host.request({
      url,
      method: patch ? "POST" : method,
      header: patch ? Object.assign({ "X-HTTP-Method-Override": "PATCH" }, headers) : headers,
      data: body,
      timeout: timeoutMs,
      // Anything but "json" leaves the text as it came; the client reads it itself.
      dataType: "text",
      responseType: picture ? "arraybuffer" : "text",
      // Called for every status, a refusal too.
      success: (/** @type {any} */ answer) => {
        const read = { status: answer.statusCode, headers: lowerCase(answer.header), text: "" };
        if (!picture) resolve(Object.assign(read, { text: String(answer.data || "") }));
        else if (answer.statusCode < 400) resolve(Object.assign(read, { bytes: answer.data }));
        else resolve(Object.assign(read, { text: textOf(answer.data) }));
      },
      fail: (/** @type {any} */ failure) => reject(brokenBy(failure)),
    });
  });

  return {
    request: (message) => (message.file === undefined ? request(message) : upload(message)),
    wait: (ms) => new Promise((resolve) => { setTimeout(resolve, ms); }),
    newId,
    store: {
      // wx answers "" for what is not there.
      get: (key) => host.getStorageSync(key) || undefined,
      set: (key, value) => host.setStorageSync(key, value),
      remove: (key) => host.removeStorageSync(key),
    },
  };
}

module.exports = { wxPlatform };
