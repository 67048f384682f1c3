// @ts-check
"use strict";

const { picture, reads, uploads } = require("./operation");

/** @typedef {import("./http").Options} Options */

const operations = {
  add: uploads("/photos"),
  show: picture(reads("/photos/{id}")),
};

/** @param {import("./http").Http} http */
function photos(http) {
  return {
    /**
     * The id of a photo 照片 now kept, to be named by a meal's `photo_id`.
     * @param {import("./http").File} file JPEG, PNG, WebP or HEIC of at most 5 MiB
     * @param {Options} [options] @returns {Promise<{id: string}>}
     */
    add: (file, options) => http.call(operations.add, { file, options }),
    /** The photo as JPEG. @param {string} id @param {{size?: "full"|"thumbnail"}} [query] @returns {Promise<ArrayBuffer>} */
    show: (id, query) => http.call(operations.show, { ids: { id }, query }),
  };
}

module.exports = { photos, operations };
