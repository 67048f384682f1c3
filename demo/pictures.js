"use strict";

// What the demo shows, as lines of text for a terminal. Nothing here asks the server.

const SYMBOLS = {
  complete: ["●", "完整"], made_up: ["◐", "已补卡"], partial: ["◔", "部分完成"], missed: ["○", "未打卡"],
  paused: ["＝", "请假"], open: ["□", "进行中"], future: ["·", "还没到"], before_joining: ["－", "入营前"],
};

const REASONS = {
  meal: "记一餐", exercise: "做一次运动", glucose: "测一次血糖", lesson: "学一课", complete_day: "完整的一天",
  milestone: "连续打卡里程碑", finish: "结营", adjustment: "人工调整",
};

const BAR_CELLS = 28;

/** Columns a text takes in a terminal, where a Chinese character takes two. */
function columns(text) {
  return [...text].reduce((sum, character) => sum + (character.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
}

/** The text filled with spaces to a width in columns; a number is set to the right. */
function cell(value, width) {
  const text = String(value);
  const spaces = " ".repeat(Math.max(0, width - columns(text)));
  return typeof value === "number" ? spaces + text : text + spaces;
}

/** One line of how far the camp is. */
function progress(dayNumber, days, filed) {
  const done = Math.round((dayNumber / days) * BAR_CELLS);
  return `第 ${cell(dayNumber, 2)} 天 / ${days} ${"█".repeat(done)}${"░".repeat(BAR_CELLS - done)} 已记 ${filed} 条`;
}

/** A class's board by points, with each one's longest run; who asked not to be seen keeps the place and no more. */
function board(name, places, longestByName) {
  const lines = places.map(({ rank, name: nickname, score }) => {
    const longest = longestByName.has(nickname) ? `${longestByName.get(nickname)} 天` : "—";
    return `  ${cell(rank, 4)}  ${cell(nickname, 10)}${cell(score, 6)}  ${longest}`;
  });
  const heading = `  名次  ${cell("昵称", 10)}  积分  最长连续`;
  return [`【${name}】积分榜`, heading, ...lines, "  （匿名糖友选择了不显示昵称，名次照留。）"];
}

/** Runs of neighbouring days that share state and reason: [{first, last, state, why}]. */
function spans(days) {
  const found = [];
  for (const { number, state, why } of days) {
    const before = found[found.length - 1];
    if (before && before.state === state && before.why === why) before.last = number;
    else found.push({ first: number, last: number, state, why });
  }
  return found;
}

/** One person's camp as four weeks of symbols, then the reason for every day. */
function calendar(nickname, streak) {
  const weeks = [];
  for (let start = 0; start < streak.days.length; start += 7) {
    weeks.push(`    ${streak.days.slice(start, start + 7).map(({ state }) => cell(SYMBOLS[state][0], 2)).join("  ")}`);
  }
  const reasons = spans(streak.days).map(({ first, last, state, why }) => {
    const which = first === last ? `第 ${first} 天` : `第 ${first}–${last} 天`;
    return `    ${cell(which, 14)}${SYMBOLS[state][0]} ${SYMBOLS[state][1]}：${why}`;
  });
  const title = `【${nickname}的日历】累计完整 ${streak.complete_days} 天，最长连续 ${streak.longest} 天，当前连续 ${streak.current} 天`;
  return [title, "    一  二  三  四  五  六  日", ...weeks, ...reasons];
}

/** Count and sum of a ledger's lines by reason: [[reason, {count, points}]], in the order they first appear. */
function byReason(lines) {
  const sums = new Map();
  for (const { reason, points } of lines) {
    const sum = sums.get(reason) || { count: 0, points: 0 };
    sums.set(reason, { count: sum.count + 1, points: sum.points + points });
  }
  return [...sums];
}

/** One person's ledger, summed by reason, under the balance it must add up to. */
function ledger(nickname, { balance, lines }) {
  const rows = byReason(lines).map(([reason, { count, points }]) =>
    `    ${cell(REASONS[reason] || reason, 20)}${cell(count, 4)} 笔 ${cell(points, 6)} 分`);
  const sum = lines.reduce((total, { points }) => total + points, 0);
  const verdict = sum === balance ? "相等" : "不相等！";
  return [`【${nickname}的积分账】`, ...rows,
    `    ${cell("合计", 20)}${cell(lines.length, 4)} 笔 ${cell(sum, 6)} 分；余额 ${balance} 分，${verdict}`];
}

/** How many of all agree on something, and who does not. */
function agreement(what, people, agrees) {
  const others = people.filter((person) => !agrees(person)).map(({ nickname }) => nickname);
  const who = others.length ? `，不一致：${others.join("、")}` : "";
  return `  ${what}：${people.length - others.length}/${people.length}${who}`;
}

module.exports = { progress, board, calendar, ledger, agreement };
