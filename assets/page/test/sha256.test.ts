import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import test from "node:test";
import { hex, hmac, sha256, utf8 } from "../src/page/sha256";

/** Bytes that look like none in particular, the same at each run. */
function bytes(length: number, seed: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

// Every length around one, two and three blocks, and some long ones, against Node's own.
const lengths = Array.from({ length: 260 }, (_, i) => i).concat(1000, 4095, 4096, 65535, 65536, 100001);

test("SHA-256 is Node's", () => {
  for (const length of lengths) {
    const message = bytes(length, length + 1);
    assert.equal(hex(sha256(message)), createHash("sha256").update(message).digest("hex"), length + " bytes");
  }
  assert.equal(hex(sha256(new Uint8Array(0))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("HMAC is Node's", () => {
  for (const key of [0, 1, 16, 20, 32, 63, 64, 65, 131, 200]) {
    for (const length of lengths.filter((one) => one < 200 || one > 5000)) {
      const k = bytes(key, 7);
      const message = bytes(length, length + 2);
      assert.equal(hex(hmac(k, message)), createHmac("sha256", k).update(message).digest("hex"), `a key of ${key}, ${length} bytes`);
    }
  }
});

// RFC 4231, test cases 1, 2 and 6.
test("HMAC is the RFC's", () => {
  const cases: [Uint8Array, string, string][] = [
    [new Uint8Array(20).fill(0x0b), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [utf8("Jefe"), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
    [new Uint8Array(131).fill(0xaa), "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"],
  ];
  for (const [key, message, want] of cases) assert.equal(hex(hmac(key, utf8(message))), want, message);
});

test("texts are the bytes that fetch sends", () => {
  for (const text of ["", "plain", "é ü ß", "石虎和水獺", "🙂👩‍👩‍👧", "\u0000\u007f\u0080\u07ff\u0800\uffff", "half \ud83d of a pair", "\ude00 the other"]) {
    assert.equal(hex(utf8(text)), hex(new TextEncoder().encode(text)), JSON.stringify(text));
  }
});
