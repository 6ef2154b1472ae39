// The modules of Node that the tests use; the pages themselves know no Node.
declare module "node:test" {
  export default function test(name: string, run: () => void | Promise<void>): void;
}

declare module "node:assert/strict" {
  const assert: {
    equal(got: unknown, want: unknown, message?: string): void;
    deepEqual(got: unknown, want: unknown, message?: string): void;
    ok(value: unknown, message?: string): void;
  };
  export default assert;
}

declare module "node:crypto" {
  interface Sum {
    update(data: Uint8Array): Sum;
    digest(form: "hex"): string;
  }
  export function createHash(name: "sha256"): Sum;
  export function createHmac(name: "sha256", key: Uint8Array): Sum;
}
