"use strict";

const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");

const { ROOT, startProgram } = require("./screen");
const { problem, startTwin } = require("./twin");

const enrolment = { id: "e1", status: "active", plan: "daily", camp: { id: "c1", name: "春季营" },
  class: { id: "k1", name: "晨光班" } };
const day = (number, state, why = "") => ({ day: `2026-03-0${number}`, number, state, why });
const streak = {
  current: 2, longest: 2, complete_days: 2, makeup_cards_left: 1,
  // On this fourth day the plan asks for no reading.
  today: { day: "2026-03-04", number: 4, done: { meal: 1, exercise: 0, glucose: 0, lesson: 0 }, complete: false,
    required: { meal: 1, exercise: 1 } },
  days: [day(1, "complete"), day(2, "complete"), day(3, "missed", "这一天没有记录"), day(4, "open"), day(5, "future")],
};
const page = (items) => ({ status: 200, body: { items, next: null } });

/** A phone with the program on it, a camp behind it, and Wang signed in unless told otherwise. */
async function phone(t, { signedIn = true, enrolments = [enrolment] } = {}) {
  const twin = await startTwin(t);
  const paper = { id: "d1", purpose: "care", version: "2026-01", title: "健康服务知情同意书", body: "正文。", required: true };
  twin.extra = {
    "GET /enrolments": () => page(enrolments),
    "GET /streaks/me": () => ({ status: 200, body: streak }),
    "GET /consents/documents/current": () => page([paper]),
    "GET /consents": () => page([]),
    "GET /questions": () => page([]),
  };
  const program = startProgram(twin);
  if (signedIn) await program.client.session.start({ code: "dev:wang" });
  return { twin, ...program };
}

const app = JSON.parse(fs.readFileSync(path.join(ROOT, "app.json"), "utf8"));
const names = app.pages.map((file) => path.basename(file));

test("every page that app.json names is whole, and every tab is one of them", () => {
  for (const file of app.pages) {
    for (const end of [".js", ".json", ".wxml"]) assert.ok(fs.existsSync(path.join(ROOT, file + end)), file + end);
    JSON.parse(fs.readFileSync(path.join(ROOT, `${file}.json`), "utf8"));
  }
  app.tabBar.list.forEach((tab) => assert.ok(app.pages.includes(tab.pagePath)));
  assert.equal(JSON.parse(fs.readFileSync(path.join(ROOT, "project.config.json"), "utf8")).appid, "touristappid");
});

for (const name of names) {
  test(`${name} shows itself to a stranger, and every button on it does something`, async (t) => {
    const { twin, open } = await phone(t, { signedIn: false });
    const screen = await open(name);
    assert.match(screen.text(), /登录/);
    assert.equal(twin.requests.length, 0);
    screen.bound().forEach((method) => assert.equal(typeof screen.page[method], "function", method));
  });

  test(`${name} shows itself to somebody who has not joined a class`, async (t) => {
    const { open, wx } = await phone(t, { enrolments: [] });
    assert.match((await open(name)).text(), /入营/);
    assert.deepEqual(wx.told, []);
  });
}

test("a class somebody has left is not shown as theirs", async (t) => {
  const { open } = await phone(t, { enrolments: [{ ...enrolment, status: "withdrawn" }] });
  assert.doesNotMatch((await open("me")).text(), /晨光班/);
});

test("today says what is done, and the sum of days before the run", async (t) => {
  const { open } = await phone(t);
  const text = (await open("today")).text();
  assert.match(text, /累计 2 天\n连续 2 天/);
  assert.match(text, /✓\n吃饭\n○\n运动\n–\n测血糖/);
});

test("on a day outside the camp today asks for nothing and can be filed all the same", async (t) => {
  const { twin, open } = await phone(t);
  twin.extra["GET /streaks/me"] = () => ({ status: 200, body: { ...streak, today: null } });
  const text = (await open("today")).text();
  assert.match(text, /–\n吃饭\n–\n运动\n–\n测血糖[^]*记血糖/);
});

test("each kind of check-in is filed with what was typed", async (t) => {
  const { twin, open } = await phone(t);
  const screen = await open("today");
  await screen.tap("记吃饭");
  await screen.type("mealSlot", "1");
  await screen.type("text", "米饭1碗");
  await screen.tap("记下来");
  await screen.tap("记运动");
  await screen.type("minutes", "20");
  await screen.tap("记下来");
  await screen.tap("记运动");
  await screen.type("rest", true);
  await screen.type("note", "膝盖疼");
  await screen.tap("记下来");
  await screen.tap("记血糖");
  await screen.type("value", "6.1");
  await screen.type("slot", "1");
  await screen.tap("记下来");
  const filed = twin.asked("/entries/sync").flatMap((request) => request.body.entries);
  assert.deepEqual(filed.map(({ id, occurred_at, ...rest }) => rest), [
    { kind: "meal", slot: "lunch", text: "米饭1碗" },
    { kind: "exercise", activity: "散步", minutes: 20, intensity: "low" },
    { kind: "exercise", rest: true, note: "膝盖疼" },
    { kind: "glucose", value: 6.1, unit: "mmol/L", slot: "after_breakfast" },
  ]);
  filed.forEach((draft) => assert.match(draft.occurred_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/));
  assert.match(screen.text(), /记下了。/);
});

test("two quick taps on a check-in are one entry", async (t) => {
  const { twin, open } = await phone(t);
  const screen = await open("today");
  await screen.tap("记吃饭");
  await screen.type("text", "小米粥");
  const save = () => screen.page.save();
  await Promise.all([save(), save()]);
  assert.equal(twin.entries.size, 1);
});

test("a form that lacks something says so and stays open", async (t) => {
  const { twin, open } = await phone(t);
  const screen = await open("today");
  for (const [button, sentence] of [["记吃饭", /吃了什么/], ["记血糖", /数字/]]) {
    await screen.tap(button);
    await screen.tap("记下来");
    assert.match(screen.text(), sentence);
    await screen.tap("先不记");
  }
  assert.equal(twin.asked("/entries/sync").length, 0);
});

test("without a network the entry waits on the phone, and goes out when the page is next shown", async (t) => {
  const { twin, open, wx } = await phone(t);
  const screen = await open("today");
  await twin.stop();
  await screen.tap("记吃饭");
  await screen.type("text", "小米粥");
  await screen.tap("记下来");
  assert.match(screen.text(), /还有 1 条存在手机里/);
  assert.deepEqual(wx.told, []);
  await twin.start();
  await screen.page.onShow();
  assert.doesNotMatch(screen.text(), /存在手机里/);
  assert.equal(twin.entries.size, 1);
});

// value, unit, what the card's title says (null: no card)
const READINGS = [
  [3.8, "mmol/L", /偏低/], [3.9, "mmol/L", null], ["LO", "mmol/L", /偏低/], [16.6, "mmol/L", null],
  [16.7, "mmol/L", /很高/], ["HI", "mmol/L", /很高/],
  [69, "mg/dL", /偏低/], [70, "mg/dL", null], [300, "mg/dL", /很高/],
  // Typed in the wrong unit, dangerous in the other one.
  [350, "mmol/L", /很高/], [2.8, "mg/dL", /偏低/],
  [0.1, "mmol/L", null],
];
for (const [value, unit, title] of READINGS) {
  test(`a reading of ${value} ${unit} without a network ${title ? "shows its card" : "shows no card"}`, async (t) => {
    const { twin, open } = await phone(t);
    const screen = await open("today");
    await twin.stop();
    await screen.tap("记血糖");
    await screen.type("unit", unit === "mg/dL" ? "1" : "0");
    if (typeof value === "string") await screen.tap(`显示 ${value}`);
    else await screen.type("value", String(value));
    await screen.tap("记下来");
    if (title) assert.match(screen.text(), title);
    else assert.doesNotMatch(screen.text(), /120/);
    await twin.start();
  });
}

test("the server's card takes the place of the phone's, on a refusal too, and 120 is one tap away", async (t) => {
  const { twin, open, wx } = await phone(t);
  const screen = await open("today");
  const advice = { level: "critical_low", title: "血糖太低：现在就吃糖", steps: ["吃糖"], call_120: true };
  twin.instead.push({ path: "/entries/sync", ...problem(403, "consent_required", "请先同意。", { body: { advice } }) });
  await screen.tap("记血糖");
  await screen.type("value", "2.5");
  await screen.tap("记下来");
  assert.match(screen.text(), /血糖太低：现在就吃糖/);
  await screen.tap("记吃饭");
  await screen.type("text", "半杯果汁");
  await screen.tap("记下来");
  assert.match(screen.text(), /血糖太低：现在就吃糖/, "a danger stays on the screen until it is seen");
  await screen.tap("拨打 120");
  assert.deepEqual(wx.told.find((one) => one.what === "makePhoneCall").phoneNumber, "120");
  await screen.tap("我看过了");
  assert.doesNotMatch(screen.text(), /血糖太低/);
});

test("two dangers in one sending show two cards", async (t) => {
  const { twin, open } = await phone(t);
  const screen = await open("today");
  const card = (title) => ({ advice: { level: "low", title, steps: ["吃糖"], call_120: false } });
  const results = [{ id: "a", status: "created", ...card("偏低") }, { id: "b", status: "created", ...card("偏低") },
    { id: "c", status: "invalid", problem: card("很高") }];
  twin.instead.push({ path: "/entries/sync", status: 200, body: { results } });
  await screen.tap("记血糖");
  await screen.type("value", "2.5");
  await screen.tap("记下来");
  assert.equal(screen.nodes().filter((node) => node.attributes.class === "card danger").length, 2);
});

test("an entry the server refuses is shown with its reason until it is put away", async (t) => {
  const { open } = await phone(t);
  const screen = await open("today");
  await screen.tap("记血糖");
  await screen.type("value", "113.6");
  await screen.tap("记下来");
  assert.match(screen.text(), /测血糖没有记上：数值太大。/);
  await screen.tap("知道了，不要这条");
  assert.doesNotMatch(screen.text(), /没有记上/);
});

test("the calendar says why, and plays a make-up card once", async (t) => {
  const { twin, open } = await phone(t);
  twin.extra["POST /streaks/makeups"] = () => ({ status: 201, body: {} });
  const screen = await open("calendar");
  await screen.tap("1");
  assert.match(screen.text(), /第 1 天（2026-03-01）：完成/);
  assert.doesNotMatch(screen.text(), /用一张补卡/);
  await screen.tap("3");
  assert.match(screen.text(), /这一天没有记录/);
  await screen.tap("用一张补卡");
  assert.deepEqual(twin.asked("/streaks/makeups").map((request) => request.body),
    [{ enrolment_id: "e1", day: "2026-03-03" }]);
});

test("the board shows names and effort, one's own place first, page by page", async (t) => {
  const { twin, open } = await phone(t);
  const places = [[1, "阿梅", 90, false], [2, "wang", 80, true], [3, "匿名糖友", 70, false]]
    .map(([rank, name, score, is_me]) => ({ rank, name, score, is_me }));
  twin.extra["GET /leaderboards"] = ({ query }) => ({ status: 200, body: { total: 3, me: { rank: 2, score: 80 },
    items: query.get("after") ? places.slice(2) : places.slice(0, 2), next: query.get("after") ? null : "2" } });
  const screen = await open("board");
  assert.match(screen.text(), /第 2 名[^]*1\n阿梅\n90\n2\n我\n80/);
  await screen.tap("再看一些");
  assert.match(screen.text(), /3\n匿名糖友\n70/);
  await screen.tap("打卡次数");
  await screen.tap("本周");
  const { query } = twin.asked("/leaderboards")[3];
  assert.deepEqual([query.get("class_id"), query.get("metric"), query.get("period")], ["k1", "check_ins", "week"]);
});

test("a newcomer signs in, reads, agrees and joins a class", async (t) => {
  const { twin, open } = await phone(t, { signedIn: false, enrolments: [] });
  const camp = { name: "春季营", starts_on: "2026-03-02", ends_on: "2026-03-29" };
  Object.assign(twin.extra, {
    "POST /consents": () => ({ status: 201, body: { id: "g1" } }),
    "GET /classes/by-code/AB12": () => ({ status: 200, body: { camp, class: { name: "晨光班" } } }),
    "POST /enrolments": () => ({ status: 201, body: enrolment }),
  });
  const screen = await open("me");
  await screen.type("developmentName", "wang");
  await screen.tap("微信登录");
  assert.match(screen.text(), /健康服务知情同意书/);
  await screen.tap("看全文");
  assert.match(screen.text(), /正文。/);
  await screen.tap("我看过了，同意");
  assert.deepEqual(twin.asked("/consents").filter(({ method }) => method === "POST").map(({ body }) => body),
    [{ document_id: "d1", version: "2026-01", given_by: "self" }]);
  await screen.type("code", " AB12 ");
  await screen.tap("找一找");
  assert.match(screen.text(), /春季营，晨光班/);
  await screen.type("boardChoice", "no");
  await screen.tap("加入这个班");
  const [joined] = twin.asked("/enrolments").filter(({ method }) => method === "POST");
  assert.deepEqual(joined.body, { join_code: "AB12", board_visible: false });
  assert.match(screen.text(), /晨光班/);
});

test("nobody is put on a board without being asked", async (t) => {
  const { twin, open, wx } = await phone(t, { enrolments: [] });
  twin.extra["GET /classes/by-code/AB12"] = () =>
    ({ status: 200, body: { camp: { name: "春季营" }, class: { name: "晨光班" } } });
  const screen = await open("me");
  await screen.type("code", "AB12");
  await screen.tap("找一找");
  await screen.tap("加入这个班");
  assert.match(wx.told[0].content, /要不要显示您的昵称/);
  assert.ok(twin.asked("/enrolments").every(({ method }) => method === "GET"));
});

test("without a development name WeChat says who it is; a refusal is told in the server's sentence", async (t) => {
  const { twin, open, wx } = await phone(t, { signedIn: false });
  twin.instead.push({ path: "/session", ...problem(401, "wechat_code_refused", "微信登录没有成功，请再试一次。") });
  const screen = await open("me");
  await screen.tap("微信登录");
  assert.equal(twin.asked("/session")[0].body.code, "wechat-code");
  assert.equal(wx.told[0].content, "微信登录没有成功，请再试一次。");
});

test("signing out leaves nothing of the person on the screen", async (t) => {
  const { open, client } = await phone(t);
  const screen = await open("me");
  await screen.tap("退出登录");
  assert.doesNotMatch(screen.text(), /春季营/);
  assert.equal(client.session.person(), null);
});

/** A twin's answers to one question, whose parts `change` changes as they are asked for. */
function answering(twin, parts = {}) {
  const question = { id: "q1", kind: "answered", text: "粥能喝吗", answer: "可以换成杂粮的。", source: "糖友手册",
    reviewed_on: "2026-01-01", topic_version: 2, why: "和知识库里的这一条最像。", advice: null, not_urgent_at: null,
    suggestions: [], thread: [], ticket: null, helpful: null, may_use_words: false, ...parts };
  const told = (more = {}) => () => ({ status: 200, body: Object.assign(question, more) });
  Object.assign(twin.extra, {
    "POST /questions": () => ({ status: 201, body: question }),
    "GET /questions/q1": told(),
    "POST /questions/q1/rating": ({ body }) => ({ status: 200, body: Object.assign(question, body) }),
    "POST /questions/q1/hand-over": told({}),
  });
  return { question, told };
}

test("a question is answered with its source, rated, and lends its words only when asked to", async (t) => {
  const { twin, open } = await phone(t);
  answering(twin);
  const screen = await open("ask");
  await screen.type("text", "粥能喝吗");
  await screen.tap("问一问");
  assert.match(screen.text(), /您问：粥能喝吗\n可以换成杂粮的。\n出处：糖友手册（第 2 版，2026-01-01 审核）\n为什么这样答：和知识库里的这一条最像。/);
  assert.doesNotMatch(screen.text(), /原话/);
  await screen.tap("没帮助");
  await screen.tap("可以用我的原话和收到的回复来改进回答");
  assert.deepEqual(twin.asked("/questions/q1/rating").map(({ body }) => body),
    [{ helpful: false }, { helpful: false, may_use_words: true }]);
});

test("an emergency fills the screen with what to do, and one tap calls it off", async (t) => {
  const { twin, open, wx } = await phone(t);
  const advice = { level: "emergency_words", title: "先打 120", steps: ["打 120。"], call_120: true };
  const ticket = { id: "t1", status: "open", need: "urgent", due_at: null, says: "已经通知工作人员。" };
  const { told } = answering(twin, { kind: "emergency", advice, ticket });
  twin.extra["POST /questions/q1/not-urgent"] = told({
    ticket: { ...ticket, need: "medical", status: "closed" }, not_urgent_at: "2026-03-02T04:00:00Z" });
  const screen = await open("ask");
  await screen.type("text", "胸口痛");
  await screen.tap("问一问");
  assert.match(screen.text(), /先打 120\n1. 打 120。/);
  await screen.tap("拨打 120");
  assert.equal(wx.told.at(-1).phoneNumber, "120");
  await screen.tap("不是紧急");
  assert.doesNotMatch(screen.text(), /先打 120|不是紧急/);
});

test("a text that nobody has reviewed says so", async (t) => {
  const { twin, open } = await phone(t);
  answering(twin, { reviewed_on: null, topic_version: 1 });
  const screen = await open("ask");
  await screen.type("text", "粥能喝吗");
  await screen.tap("问一问");
  assert.match(screen.text(), /出处：糖友手册（第 1 版，还没有人审核过）/);
});

test("a question about a dose with a high value can be called off, and a closed one handed over again", async (t) => {
  const { twin, open } = await phone(t);
  const advice = { level: "emergency_words", title: "先处理高血糖", steps: ["多喝水。"], call_120: false };
  const ticket = { id: "t1", status: "open", need: "medical", due_at: null, says: "已经转给工作人员。" };
  const notice = { id: "m1", by: "staff", label: null, author: null, text: "工作人员结束了这次咨询。", at: "2026-03-02T04:00:00Z" };
  const { told } = answering(twin, { kind: "dose_refusal", source: null, advice, ticket });
  twin.extra["POST /questions/q1/not-urgent"] = told({
    ticket: { ...ticket, status: "closed" }, not_urgent_at: "2026-03-02T04:00:00Z", thread: [notice] });
  const screen = await open("ask");
  await screen.type("text", "血糖 18 加几个单位");
  await screen.tap("问一问");
  assert.doesNotMatch(screen.text(), /请人来回答/);
  await screen.tap("不是紧急");
  assert.doesNotMatch(screen.text(), /不是紧急/);
  assert.match(screen.text(), /请您知道\n工作人员结束了这次咨询。/);
  await screen.tap("请人来回答");
});

test("a refused question shows the card it carries", async (t) => {
  const { twin, open, wx } = await phone(t);
  const advice = { level: "emergency_words", title: "先打 120", steps: ["打 120。"], call_120: true };
  twin.instead.push({ path: "/questions", status: 200, body: { items: [], next: null } },
    { path: "/questions", ...problem(422, "invalid", "最多 2000 个字。", { body: { advice } }) });
  const screen = await open("ask");
  await screen.type("text", "胸口痛");
  await screen.tap("问一问");
  assert.match(screen.text(), /先打 120/);
  assert.equal(wx.told[0].content, "最多 2000 个字。");
});

test("a question handed over shows who answered as what, and can be written on", async (t) => {
  const { twin, open } = await phone(t);
  const { told } = answering(twin, { kind: "unsure", suggestions: [{ topic: "congee", question: "白粥怎么喝？" }] });
  const ticket = { id: "t1", status: "open", need: "medical", due_at: null, says: "最晚今天 14:00 回复您。" };
  const reply = { id: "m1", by: "staff", label: "健康咨询", text: "少喝一点。", at: "2026-03-02T04:00:00Z",
    author: { name: "惠", role: "nurse", role_name: "护士", credential: "沪护 0001" } };
  twin.extra["POST /questions/q1/hand-over"] = told({ ticket, thread: [reply] });
  twin.extra["POST /questions/q1/messages"] = told({ ticket, thread: [reply], advice: null });
  const screen = await open("ask");
  await screen.type("text", "粥");
  await screen.tap("问一问");
  assert.match(screen.text(), /白粥怎么喝？/);
  await screen.tap("请人来回答");
  assert.match(screen.text(), /健康咨询\n惠 护士 沪护 0001\n少喝一点。\n最晚今天 14:00 回复您。/);
  await screen.type("message", "好的");
  await screen.tap("发出去");
  assert.deepEqual(twin.asked("/questions/q1/messages").map(({ body }) => body), [{ text: "好的" }]);
});
