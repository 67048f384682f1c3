"use strict";

const vm = require("node:vm");

const TAG = /<(\/?)([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>|([^<]+)/gy;

/** The tree of a WXML file; throws when a tag is not closed or something cannot be read. */
function parse(source) {
  const root = { name: "root", attributes: {}, children: [] };
  const open = [root];
  TAG.lastIndex = 0;
  while (TAG.lastIndex < source.length) {
    const at = TAG.lastIndex;
    const found = TAG.exec(source);
    if (!found) throw new Error(`cannot read: ${source.slice(at, at + 60)}`);
    const [, closing, name, written, alone, text] = found;
    const parent = open[open.length - 1];
    if (text !== undefined) parent.children.push({ text });
    else if (closing) {
      if (open.pop().name !== name) throw new Error(`</${name}> closes another tag`);
    } else {
      const pairs = [...written.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key, value = ""]) => [key, value]);
      const node = { name, attributes: Object.fromEntries(pairs), children: [] };
      parent.children.push(node);
      if (!alone) open.push(node);
    }
  }
  if (open.length !== 1) throw new Error(`<${open.pop().name}> is not closed`);
  return root;
}

/** What {{…}} comes to; a name the page's data does not have is an error, where WeChat would show nothing. */
function fill(written, data) {
  const parts = written.split(/\{\{(.*?)\}\}/);
  if (parts.length === 3 && parts[0] === "" && parts[2] === "") return vm.runInNewContext(`(${parts[1]})`, data);
  return parts.map((part, place) => (place % 2 ? vm.runInNewContext(`(${part})`, data) : part)).join("");
}

/** The nodes on the screen, in order: {name, attributes, text}, with every wx:if and wx:for done. */
function show(source, data) {
  const shown = [];
  const walk = (nodes, scope) => {
    let taken = false;
    for (const node of nodes) {
      if (node.text !== undefined) {
        const text = String(fill(node.text, scope)).trim();
        if (text) shown.push({ name: "text", attributes: {}, text });
        continue;
      }
      const { "wx:if": when, "wx:elif": orWhen, "wx:else": otherwise } = node.attributes;
      if (when !== undefined) taken = Boolean(fill(when, scope));
      else if (orWhen !== undefined || otherwise !== undefined) {
        if (taken || (orWhen !== undefined && !fill(orWhen, scope))) continue;
        taken = true;
      }
      if (when !== undefined && !taken) continue;
      const list = node.attributes["wx:for"];
      const name = node.attributes["wx:for-item"] || "item";
      const scopes = list === undefined ? [scope]
        : fill(list, scope).map((item, index) => ({ ...scope, [name]: item, index }));
      scopes.forEach((one) => place(node, one));
    }
  };
  const place = (node, scope) => {
    const attributes = Object.fromEntries(Object.entries(node.attributes).filter(([key]) => !key.startsWith("wx:"))
      .map(([key, value]) => [key, fill(value, scope)]));
    shown.push({ name: node.name, attributes, text: "" });
    walk(node.children, scope);
  };
  walk(parse(source).children, data);
  return shown;
}

module.exports = { parse, show };
