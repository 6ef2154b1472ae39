import assert from "node:assert/strict";
import test from "node:test";
import { characters, hints, hold, Hint, Hold } from "../src/write/coach";

// Thirty sentences and the hints that each should bring, in the order shown.
const sentences: [string, Hint[]][] = [
  ["我覺得開會時間應該提前一個月公告。", []],
  ["我認為市場前的人行道應該加寬。", []],
  ["The pavement should be wider.", []],
  ["小廣場要有樹蔭", []],
  ["為什麼不能停車？", ["question"]],
  ["停車格應該要留下來嗎?", ["question"]],
  ["停車格應該要留下來嗎", ["question"]],
  ["是不是應該先試辦三個月", ["question"]],
  ["Why is there no shade here?", ["question"]],
  ["Should we keep the parking spaces", ["question"]],
  ["Shade 夠嗎？", ["question"]],
  ["大家覺得呢？！", ["question"]],
  ["路要變寬。攤位要變少。", ["two"]],
  ["The road is too wide. The stalls are too small.", ["two"]],
  ["先試辦；再檢討", ["two"]],
  ["先試辦三個月\n再決定", ["two"]],
  ["費用大約是 3.5 萬元。", []],
  ["1. 種樹\n2. 擺椅子", ["list"]],
  ["- more trees", ["list"]],
  ["• 種樹", ["list"]],
  ["一、種樹 二、擺椅子", ["list"]],
  ["（1）種樹（2）擺椅子", ["list"]],
  ["@石虎 我也這樣想", ["reply"]],
  ["樓上說得對", ["reply"]],
  ["同意上面那一則", ["reply"]],
  ["I agree with the above", ["reply"]],
  ["停車格不應該拿掉。", ["negative"]],
  ["We shouldn’t remove the parking.", ["negative"]],
  ["不同的人可以有不同的看法，這樣很不錯。", []],
  ["我覺得市場前面這一整排停車格如果真的要改成小廣場，應該先把卸貨的時間、機車的停車位、下雨天的遮棚、晚上的照明和打掃的責任都談清楚，寫成大家看得懂的約定，再開始動工，這樣大家都能安心。", ["long"]],
];

test("hints for thirty sentences", () => {
  assert.equal(sentences.length, 30);
  sentences.forEach(([text, want]) => assert.deepEqual(hints(text, 140), want, text));
});

test("what cannot be sent", () => {
  const cases: [string, Hold | null][] = [
    ["", "empty"],
    ["  \n　", "empty"],
    ["👍👍🏽", "emoji_only"],
    ["？！…", "emoji_only"],
    ["👍 好", null],
    ["𠮷", null],
    ["ㄅㄆㄇ", null],
    ["7", null],
    ["字".repeat(140), null],
    ["字".repeat(141), "too_long"],
    ["為什麼不能停車？", null],
  ];
  cases.forEach(([text, want]) => assert.equal(hold(text, 140), want, text));
});

test("characters are counted as the hub counts them", () => {
  assert.equal(characters("  石虎  "), 2);
  assert.equal(characters("e\u0301"), 1);
  assert.equal(characters("𠮷野家"), 3);
});
