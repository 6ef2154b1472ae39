import assert from "node:assert/strict";
import test from "node:test";
import { Frames } from "../src/hub/frames";
import { Retry, retryAfter } from "../src/hub/retry";

test("events cut anywhere are the same events", () => {
  const text = ': beat\n\nevent: state\ndata: {"version":3,"名":"石虎"}\n\nevent: state\r\ndata: one\r\ndata: two\r\n\r\n: beat\n\ndata:bare\n\n';
  const want = [
    { event: "state", data: '{"version":3,"名":"石虎"}' },
    { event: "state", data: "one\ntwo" },
    { event: "message", data: "bare" },
  ];
  for (let size = 1; size < 20; size++) {
    const frames = new Frames();
    const found = [];
    for (let i = 0; i < text.length; i += size) found.push(...frames.push(text.slice(i, i + size)));
    assert.deepEqual(found, want, "in pieces of " + size);
  }
});

test("an event without its end is not an event", () => {
  assert.deepEqual(new Frames().push("data: half"), []);
});

test("waiting times stay within their bounds", () => {
  for (const random of [0, 0.5, 1]) {
    const retry = new Retry(() => random);
    let before = 0;
    for (let i = 0; i < 20; i++) {
      const wait = retry.next();
      assert.ok(wait >= 400 && wait <= 15000 && wait >= before, String(wait));
      before = wait;
    }
    retry.reset();
    assert.ok(retry.next() <= 500);
  }
});

test("Retry-After", () => {
  const now = Date.parse("2026-03-01T14:00:00Z");
  assert.equal(retryAfter(null, now), 0);
  assert.equal(retryAfter("7", now), 7);
  assert.equal(retryAfter("Sun, 01 Mar 2026 14:00:09 GMT", now), 9);
  assert.equal(retryAfter("Sun, 01 Mar 2026 13:00:00 GMT", now), 0);
  assert.equal(retryAfter("soon", now), 0);
  assert.equal(retryAfter("999999", now), 600);
});
