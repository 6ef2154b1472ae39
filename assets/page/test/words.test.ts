import assert from "node:assert/strict";
import test from "node:test";
import { textIn } from "../src/words/words";

test("English has one form for one and another for more", () => {
  assert.equal(textIn("en", "status.waiting", { N: 1 }), "1 kept on this device, will send by itself");
  assert.equal(textIn("en", "status.waiting", { N: 1207 }), "1,207 kept on this device, will send by themselves");
});

// The votes are many and the phone is one.
test("another number than the first may choose the form", () => {
  const counts = (devices: number) => ({ N: 412, Waiting: 7, Devices: devices, Count: devices });
  assert.equal(textIn("en", "wall.received_waiting", counts(1)), "412 received, 7 waiting on 1 phone");
  assert.equal(textIn("en", "wall.received_waiting", counts(3)), "412 received, 7 waiting on 3 phones");
  assert.equal(textIn("zh-Hant", "wall.received_waiting", counts(1)), "412 票已收到，7 票在 1 支手機裡等著");
});
