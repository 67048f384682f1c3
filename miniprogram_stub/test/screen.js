"use strict";

const fs = require("node:fs");
const path = require("node:path");

const { fakeWx } = require("./device");
const { parse, show } = require("./wxml");

const ROOT = path.join(__dirname, "..");

/** Forgets every module of the program, as a phone does when the program is closed. */
function forget() {
  Object.keys(require.cache).filter((file) => file.startsWith(ROOT) && !file.startsWith(__dirname))
    .forEach((file) => delete require.cache[file]);
}

/** The program as it starts on a phone whose server is the twin; pages are opened with `open`. */
function startProgram(twin, wx = fakeWx()) {
  forget();
  require("../settings").baseUrls.develop = twin.url;
  let app, definition;
  global.wx = wx;
  global.App = (options) => { app = options; };
  global.getApp = () => app;
  global.Page = (options) => { definition = options; };
  require("../app");

  /** A page, shown; `tap` and `type` act on what is on the screen and wait until the page is done. */
  const open = async (name) => {
    const file = path.join(ROOT, "pages", name, name);
    delete require.cache[require.resolve(file)];
    require(file);
    const page = new Screen(definition, fs.readFileSync(`${file}.wxml`, "utf8"));
    await page.page.onShow();
    return page;
  };
  return { app, wx, client: app.client, open };
}

class Screen {
  constructor(definition, source) {
    this.source = source;
    this.page = { ...definition, data: structuredClone(definition.data), setData: (parts) => this.setData(parts) };
  }

  /** As WeChat does it: "form.text" reaches inside. */
  setData(parts) {
    for (const [key, value] of Object.entries(parts)) {
      const names = key.split(".");
      const last = names.pop();
      names.reduce((whole, name) => whole[name], this.page.data)[last] = structuredClone(value);
    }
  }

  nodes() {
    return show(this.source, this.page.data);
  }

  text() {
    return this.nodes().map((node) => node.text).filter(Boolean).join("\n");
  }

  /** Does what touching the node with these words does. */
  tap(words) {
    const nodes = this.nodes();
    const place = nodes.findIndex((node) => node.text === words);
    const touched = nodes.slice(0, place + 1).reverse().find((node) => node.attributes.bindtap);
    if (place === -1 || !touched) throw new Error(`there is no “${words}” to tap in:\n${this.text()}`);
    return this.page[touched.attributes.bindtap](happening(touched));
  }

  /** Types into, or picks in, the field with this data-name. */
  type(name, value) {
    const field = this.nodes().find((node) => node.attributes["data-name"] === name);
    if (!field) throw new Error(`there is no field ${name} in:\n${this.text()}`);
    const { bindinput, bindchange } = field.attributes;
    return this.page[bindinput || bindchange](happening(field, { value }));
  }

  /** Every method the page's WXML binds to. */
  bound() {
    const names = [];
    const walk = (node) => {
      const attributes = Object.entries(node.attributes || {});
      names.push(...attributes.filter(([key]) => /^(bind|catch)/.test(key)).map(([, value]) => value));
      (node.children || []).forEach(walk);
    };
    walk(parse(this.source));
    return names;
  }
}

function happening(node, detail = {}) {
  const dataset = Object.fromEntries(Object.entries(node.attributes).filter(([key]) => key.startsWith("data-"))
    .map(([key, value]) => [key.slice("data-".length), value]));
  return { currentTarget: { dataset }, detail };
}

module.exports = { ROOT, startProgram };
