"use strict";

// Forty real people live a 28-day camp through the public API, on a stopped clock moved day by day.

const { writeFileSync } = require("node:fs");
const { parseArgs } = require("node:util");
const { ProblemError, OfflineError } = require("../miniprogram_stub/client");
const { makeCamp, asPatient, each, all } = require("./camp");
const pictures = require("./pictures");
const { dayOf, instant, entriesOf, expectedOf } = require("./records");

const HELP = `用法：node demo/replay.js --base-url http://127.0.0.1:8000 [--quiet] [--json 文件]

四十位糖友（AIM-94 公开数据，见 demo/CREDITS.md）在一个二十八天的营里打卡，全部经过公开接口。
服务器要以开发方式启动（会拨动它的时钟），最好是新的数据文件夹；scripts/demo 会备好这一切。

  --base-url 网址   服务器在哪里
  --quiet           不显示进度，只显示结果
  --json 文件       另把每个人的结果写成 JSON
`;

// The hours at which phones are opened; each files what happened since the one before.
const HOURS = ["09:00", "13:30", "19:00", "23:59"];
const MILLISECONDS_PER_HOUR = 3600000;
// Three lives worth seeing: one missed day, two days with half of what was asked, and long gaps.
const CALENDARS_OF = ["12", "09", "17"];
const LEDGER_OF = "12";

/** Progress on the screen: one line redrawn on a terminal, a line a day elsewhere, nothing when quiet. */
function progressOn(out, quiet) {
  if (quiet) return { draw() {}, end() {} };
  return {
    draw: (line) => out.write(out.isTTY ? `\r\u001b[K${line}` : `${line}\n`),
    end: () => out.write(out.isTTY ? "\n" : ""),
  };
}

/** How many entries of one patient the server took; throws unless it took them all. */
async function file(patient, entries) {
  const { results } = await asPatient(patient, (client) => client.entries.sync(entries));
  const refused = results.find(({ status }) => status !== "created");
  if (refused) {
    const why = (refused.problem && refused.problem.detail) || refused.status;
    throw new Error(`${patient.nickname}有一条记录没有收下：${why}`);
  }
  return results.length;
}

/** How many entries one camp day brought. The clock stops four times, and nobody files what has not happened yet. */
async function liveDay(camp, dayNumber) {
  const day = dayOf(camp.camp.starts_on, dayNumber);
  const waiting = camp.patients.map(({ number }) => entriesOf(number, dayNumber, day));
  let filed = 0;
  for (const hour of HOURS) {
    const now = instant(day, hour);
    await camp.admin.dev.setClock(now);
    const counts = await each(camp.patients, async (patient, place) => {
      const due = waiting[place].filter(({ occurred_at }) => occurred_at <= now);
      waiting[place] = waiting[place].slice(due.length);
      return due.length ? file(patient, due) : 0;
    });
    filed += counts.reduce((sum, count) => sum + count, 0);
  }
  return filed;
}

/** The clock just past the closing of the last day, and everything done that follows from it. */
async function closeCamp({ admin, camp }) {
  const end = Date.parse(instant(dayOf(camp.starts_on, camp.days + 1), camp.rules.day_starts_at));
  const closed = end + camp.rules.grace_hours * MILLISECONDS_PER_HOUR;
  await admin.dev.setClock(new Date(closed + 60000).toISOString());
  await admin.dev.runDue();
}

/** What one patient sees at the end: streak, balance and every line of the ledger, beside what the dates alone say. */
async function lookBack(patient) {
  const streak = await asPatient(patient, (client) => client.streaks.me({ enrolment_id: patient.enrolment.id }));
  let balance = 0;
  const lines = await all(async (page) => {
    const answer = await asPatient(patient, (client) => client.points.me(page));
    balance = answer.balance;
    return answer.lines;
  });
  return { ...patient, streak, ledger: { balance, lines }, expected: expectedOf(patient.number) };
}

/** A class as a classmate sees it: its places by points, and the longest run of each nickname. */
async function lookAtBoard(one) {
  const show = (metric) => all((page) => asPatient(one.patients[0], (client) =>
    client.leaderboards.show({ class_id: one.id, period: "camp", metric, ...page })));
  const named = new Set(one.patients.filter(({ boardVisible }) => boardVisible).map(({ nickname }) => nickname));
  const runs = (await show("streak")).filter(({ name }) => named.has(name));
  const longestByName = new Map(runs.map(({ name, score }) => [name, score]));
  return { name: one.name, places: await show("points"), longestByName };
}

/** The camp lived to its end: {patients, boards, filed}. `progress` is drawn on as the days pass. */
async function replay(baseUrl, progress) {
  progress.draw("四十位糖友正在登录、签知情同意、凭入营码入营……");
  const camp = await makeCamp(baseUrl);
  let filed = 0;
  for (let dayNumber = 1; dayNumber <= camp.camp.days; dayNumber += 1) {
    filed += await liveDay(camp, dayNumber);
    progress.draw(pictures.progress(dayNumber, camp.camp.days, filed));
  }
  progress.end();
  await closeCamp(camp);
  const patients = await each(camp.patients, lookBack);
  const boards = [];
  for (const one of camp.classes) boards.push(await lookAtBoard(one));
  return { patients, boards, filed };
}

const CHECKS = [
  ["完整天数与只按日期推算的一致", ({ streak, expected }) => streak.complete_days === expected.days_in_first_28],
  ["第 28 天结束后的连续天数与只按日期推算的一致", ({ streak, expected }) => streak.current === expected.current_streak_on_day_28],
  ["积分明细之和等于余额", ({ ledger }) => ledger.lines.reduce((sum, { points }) => sum + points, 0) === ledger.balance],
];

/** The lines that end the demo. */
function tell({ patients, boards, filed }) {
  const one = (number) => patients.find((patient) => patient.number === number);
  const blocks = [
    [`四十位糖友走完了二十八天，一共记了 ${filed} 条。`],
    ...boards.map(({ name, places, longestByName }) => pictures.board(name, places, longestByName)),
    ...CALENDARS_OF.map((number) => pictures.calendar(one(number).nickname, one(number).streak)),
    pictures.ledger(one(LEDGER_OF).nickname, one(LEDGER_OF).ledger),
    ["【核对】四十人逐一核对", ...CHECKS.map(([what, agrees]) => pictures.agreement(what, patients, agrees))],
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

/** What was seen, as plain data: every patient with days, streak and ledger, and both boards. */
function seenAsData({ patients, boards, filed }) {
  const people = patients.map(({ number, nickname, boardVisible, streak, ledger }) =>
    ({ number, nickname, board_visible: boardVisible, streak, ledger }));
  return { filed, patients: people, boards: boards.map(({ name, places }) => ({ name, places })) };
}

/** The exit code: 0 when everything agrees for everybody. */
async function main(argv, out) {
  const { values } = parseArgs({
    args: argv,
    options: { "base-url": { type: "string" }, quiet: { type: "boolean" }, json: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help || !values["base-url"]) {
    out.write(HELP);
    return values.help ? 0 : 2;
  }
  const seen = await replay(values["base-url"], progressOn(out, values.quiet));
  out.write(`${tell(seen)}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(seenAsData(seen))}\n`);
  return CHECKS.every(([, agrees]) => seen.patients.every(agrees)) ? 0 : 1;
}

/** A sentence for a person; what is nobody's fault but ours keeps its trace. */
function sentence(error) {
  if (error instanceof OfflineError) return "服务器没有回答。请看它是否开着，网址对不对。";
  const plain = error instanceof ProblemError || String(error.code).startsWith("ERR_PARSE_ARGS");
  return plain ? error.message : error.stack;
}

if (require.main === module) {
  main(process.argv.slice(2), process.stdout).then(
    (code) => { process.exitCode = code; },
    (error) => {
      process.stderr.write(`\n演示没有走完：${sentence(error)}\n`);
      process.exitCode = 1;
    },
  );
}

module.exports = { replay, tell, main };
