// @ts-check
"use strict";

// Shown while no server can be reached; its own card always takes this one's place. The limits are those of the
// clinical table (1.3): low below 3.9 mmol/L, critically high from 16.7. One constant turns mg/dL into mmol/L.
const MG_DL_PER_MMOL_L = 18;
const LOW_BELOW_MMOL_L = 3.9;
const CRITICAL_HIGH_FROM_MMOL_L = 16.7;
const READABLE_MMOL_L = { from: 0.6, to: 55.5 };

/** @typedef {import("../../client/errors").Advice} Advice */

/** @type {Advice} */
const LOW = {
  level: "low",
  title: "血糖偏低，请马上处理",
  steps: ["现在就吃 15–20 克糖：葡萄糖片，或半杯含糖饮料。吃阿卡波糖的，只用葡萄糖。",
    "坐下来，15 分钟后再测一次。", "如果人发昏、说不清话或叫不醒：打 120，不要往嘴里喂东西。"],
  call_120: true,
};

/** @type {Advice} */
const HIGH = {
  level: "critical_high",
  title: "血糖很高，请马上留意",
  steps: ["洗净手，再测一次；多喝白开水。", "今天就联系医生，或去医院。",
    "如果呕吐、呼吸又深又快、嘴里有烂苹果味或昏昏沉沉：打 120。"],
  call_120: true,
};

/**
 * The cards for a dangerous reading: one, or none. A number that cannot be what its unit says is read in the other one.
 * @param {number|"HI"|"LO"} value @param {"mmol/L"|"mg/dL"} unit @returns {Advice[]}
 */
function dangerOf(value, unit) {
  if (value === "LO") return [LOW];
  if (value === "HI") return [HIGH];
  const readable = (/** @type {number} */ mmol) => mmol >= READABLE_MMOL_L.from && mmol <= READABLE_MMOL_L.to;
  // Rounded to one decimal first: 70 mg/dL is 3.9, and is not low.
  const converted = Math.round(value / MG_DL_PER_MMOL_L * 10) / 10;
  const readings = unit === "mg/dL" ? [converted, value] : [value, converted];
  const mmol = readings.find(readable);
  if (mmol === undefined) return [];
  if (mmol < LOW_BELOW_MMOL_L) return [LOW];
  return mmol >= CRITICAL_HIGH_FROM_MMOL_L ? [HIGH] : [];
}

module.exports = { dangerOf };
