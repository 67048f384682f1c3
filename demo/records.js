"use strict";

// What each patient did on each camp day, as entries the camp can file.
// The readings are real (CREDITS.md); a sample added so that a day can be whole says so in its note.

const { randomUUID } = require("node:crypto");
const sample = require("./aim94.json");
const expected = require("./expected.json");

// China keeps one offset all year round, so an instant can be written without a table of zones.
const TIMEZONE = "Asia/Shanghai";
const OFFSET = "+08:00";
const SAMPLE_NOTE = "示例数据（非本人记录）";
const MILLISECONDS_PER_DAY = 86400000;

const AMOUNTS = {
  less: { text: "比平时少", intensity: "low" },
  typical: { text: "和平时一样", intensity: "medium" },
  more: { text: "比平时多", intensity: "high" },
};

const SAMPLE_MEALS = [
  { time: "07:20", slot: "breakfast", text: "杂粮粥一碗，鸡蛋一个，凉拌黄瓜" },
  { time: "07:45", slot: "breakfast", text: "无糖豆浆一杯，全麦馒头半个，茶叶蛋一个" },
  { time: "12:10", slot: "lunch", text: "糙米饭一小碗，清蒸鱼，蒜蓉西兰花" },
  { time: "12:30", slot: "lunch", text: "荞麦面一碗，鸡胸肉，烫青菜" },
  { time: "18:15", slot: "dinner", text: "米饭半碗，番茄豆腐汤，炒芹菜" },
];

const SAMPLE_EXERCISES = [
  { time: "13:10", activity: "散步", minutes: 30, intensity: "low" },
  { time: "17:20", activity: "太极拳", minutes: 40, intensity: "low" },
  { time: "19:10", activity: "快走", minutes: 30, intensity: "medium" },
  { time: "08:30", activity: "八段锦", minutes: 20, intensity: "low" },
];

/** The patients 01 to 40 in order: {number, nickname, loginCode, boardVisible}. */
function patients() {
  return Object.keys(sample.patients).sort().map((number) => ({
    number,
    nickname: `糖友${number}`,
    loginCode: `dev:aim94-${number}`,
    // A few would rather not be seen: classmates read 匿名糖友 where they stand.
    boardVisible: !["05", "17", "26", "38"].includes(number),
  }));
}

/** The date of a camp day, YYYY-MM-DD; day 1 is the start. */
function dayOf(startsOn, dayNumber) {
  const start = Date.parse(`${startsOn}T00:00:00Z`);
  return new Date(start + (dayNumber - 1) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/** The instant of a camp-local date and time of day, with its offset. */
function instant(day, time) {
  return `${day}T${time.length === 5 ? `${time}:00` : time}${OFFSET}`;
}

/** The meal a time of day belongs to; outside the three it is a snack. */
function mealSlot(time) {
  if (time >= "05:00" && time < "10:00") return "breakfast";
  if (time >= "10:30" && time < "14:30") return "lunch";
  if (time >= "16:30" && time < "21:00") return "dinner";
  return "snack";
}

const ENTRY_OF = {
  glucose: (time, slot, valueMgDl) => ({ slot, value: valueMgDl, unit: "mg/dL" }),
  meal: (time, amount) => ({
    slot: mealSlot(time),
    text: `吃了一餐，${AMOUNTS[amount].text}`,
    note: "AIM-94 本人记录，原记录只写了多少",
  }),
  exercise: (time, amount) => ({
    activity: `活动，${AMOUNTS[amount].text}`,
    minutes: 30,
    intensity: AMOUNTS[amount].intensity,
    note: "AIM-94 本人记录，分钟数是示例",
  }),
};

/** The sample entries a day needs: only where there is a reading, and only of a kind the person did not record. */
function samplesFor(number, dayNumber, kinds) {
  if (!kinds.has("glucose")) return [];
  const turn = Number(number) + dayNumber;
  const wanted = {
    meal: SAMPLE_MEALS[turn % SAMPLE_MEALS.length],
    exercise: SAMPLE_EXERCISES[turn % SAMPLE_EXERCISES.length],
  };
  return Object.entries(wanted)
    .filter(([kind]) => !kinds.has(kind))
    .map(([kind, { time, ...fields }]) => ({ time, kind, ...fields, note: SAMPLE_NOTE }));
}

/**
 * One patient"s entries of one camp day in order of time, each ready to be filed.
 * A day without a reading holds what the person recorded, if anything, and no sample.
 */
function entriesOf(number, dayNumber, day) {
  const own = (sample.patients[number][dayNumber] || [])
    .map(([time, kind, ...rest]) => ({ time, kind, ...ENTRY_OF[kind](time, ...rest) }));
  const kinds = new Set(own.map((entry) => entry.kind));
  return [...own, ...samplesFor(number, dayNumber, kinds)]
    .sort((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)))
    .map(({ time, ...entry }) => ({ id: randomUUID(), occurred_at: instant(day, time), source: "manual", ...entry }));
}

/** What plain date arithmetic says of one patient: {days_in_first_28, current_streak_on_day_28}. */
function expectedOf(number) {
  return expected.patients[number];
}

module.exports = { TIMEZONE, SAMPLE_NOTE, patients, dayOf, instant, entriesOf, expectedOf };
