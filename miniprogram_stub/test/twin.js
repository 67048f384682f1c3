"use strict";

const http = require("node:http");

/**
 * A twin of the server, as the client sees it: a real HTTP server on this machine that answers in the shapes of the
 * contract and can be made to fail. It knows no camp rules; those are tested where they are.
 */
class Twin {
  constructor() {
    /** Every request that came, oldest first. */
    this.requests = [];
    /**
     * Answers to give instead of its own, one per matching request: {path, status, headers, body}, or {path, hangUp},
     * or {path, silent}; `first` is done before answering.
     */
    this.instead = [];
    this.entries = new Map();
    this.tokens = new Map();
    this.refreshTokens = new Map();
    this.made = 0;
    this.server = http.createServer((request, response) => this.receive(request, response));
  }

  async start() {
    await new Promise((resolve) => { this.server.listen(this.port || 0, "127.0.0.1", resolve); });
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  /** Gone from the network until started again; what it knows stays. */
  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  asked(path) {
    return this.requests.filter((request) => request.path === path);
  }

  /** Every access token is too old from now on. */
  expireTokens() {
    this.tokens.clear();
  }

  async receive(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url, this.url);
    const text = Buffer.concat(parts).toString("utf8");
    const method = request.headers["x-http-method-override"] || request.method;
    const seen = { method, sentAs: request.method, path: url.pathname.replace("/api/v1", ""), query: url.searchParams,
      headers: request.headers, body: text ? JSON.parse(text) : undefined };
    this.requests.push(seen);
    const place = this.instead.findIndex((one) => one.path === seen.path);
    const answer = place === -1 ? this.answer(seen) : this.instead.splice(place, 1)[0];
    if (answer.first) await answer.first(seen);
    if (answer.hangUp) request.socket.destroy();
    else if (!answer.silent) this.reply(response, answer);
  }

  reply(response, { status, headers = {}, body }) {
    const json = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const type = status >= 400 ? "application/problem+json" : "application/json";
    response.writeHead(status, { "Content-Type": type, ...headers });
    response.end(body === undefined ? undefined : json);
  }

  answer(request) {
    const route = this.routes()[`${request.method} ${request.path}`];
    if (!route) return problem(404, "not_found", "没有找到。");
    const anybody = ["POST /session", "POST /session/refresh"].includes(`${request.method} ${request.path}`)
      || request.path.startsWith("/classes/by-code/");
    if (anybody) return route(request);
    const token = (request.headers.authorization || "").replace("Bearer ", "");
    if (!this.tokens.has(token)) return problem(401, "token_expired", "登录过期了。");
    return route({ ...request, who: this.tokens.get(token) });
  }

  routes() {
    return {
      "POST /session": ({ body }) =>
        ({ status: 201, body: { ...this.sign(body.code.replace("dev:", "")), is_new: false } }),
      "POST /session/refresh": ({ body }) => this.renew(body.refresh_token),
      "DELETE /session": () => ({ status: 204 }),
      "GET /people/me": ({ who }) => ({ status: 200, body: { id: who, nickname: who, version: 1 } }),
      "PATCH /people/me": ({ who, body }) => ({ status: 200, body: { id: who, ...body, version: 2 } }),
      "POST /camps": ({ body }) => ({ status: 201, body: { id: `camp-${body.name}`, ...body } }),
      "POST /camps/c1/open": () => ({ status: 200, body: { id: "c1", status: "enrolling" } }),
      "GET /classes/k1/join-qr.png": () => ({ status: 200, headers: { "Content-Type": "image/png" }, body: PICTURE }),
      "POST /entries": ({ who, body }) =>
        ({ status: 201, body: { entry: this.file(who, body).entry, points_earned: 6 } }),
      "POST /entries/sync": ({ who, body }) =>
        ({ status: 200, body: { results: body.entries.map((draft) => this.file(who, draft)) } }),
      ...this.extra,
    };
  }

  sign(person_id) {
    this.made += 1;
    const [access_token, refresh_token] = [`access-${this.made}`, `refresh-${this.made}`];
    this.tokens.set(access_token, person_id);
    this.refreshTokens.set(refresh_token, person_id);
    const person = { id: person_id, nickname: person_id, roles: [] };
    return { access_token, refresh_token, token_type: "Bearer", expires_in: 900, person };
  }

  renew(refresh_token) {
    const person_id = this.refreshTokens.get(refresh_token);
    if (!person_id) return problem(401, "token_reused", "请重新登录。");
    this.refreshTokens.delete(refresh_token);
    const { access_token, refresh_token: next } = this.sign(person_id);
    return { status: 200, body: { access_token, refresh_token: next, token_type: "Bearer", expires_in: 900 } };
  }

  /** One entry as the server takes it: the same id twice is one entry. */
  file(who, draft) {
    const content = JSON.stringify(draft);
    const held = this.entries.get(draft.id);
    const refused = (status, code, detail) => ({ id: draft.id, status, problem: { code, detail } });
    if (draft.value > 55.5) return refused("invalid", "invalid", "数值太大。");
    if (held && held.content !== content) return refused("conflict", "entry_conflict", "和已经记下的不一样。");
    const entry = { ...draft, person_id: who, version: 1 };
    this.entries.set(draft.id, { content, entry });
    return { id: draft.id, status: held ? "identical" : "created", entry };
  }
}

const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/** A refusal as the server words it. */
function problem(status, code, detail, more = {}) {
  return { status, headers: more.headers, body: { type: "about:blank", title: code, status, code, detail,
    request_id: "r-1", ...more.body } };
}

/** A twin that runs until the test is over. */
async function startTwin(test) {
  const twin = await new Twin().start();
  test.after(() => twin.stop());
  return twin;
}

module.exports = { startTwin, problem, PICTURE };
