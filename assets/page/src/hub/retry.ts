// When to try again: 0.5 s, doubling to 15 s, a fifth of it left to chance so
// that a room does not come back all at once.

const first = 500;
const longest = 15000;

export class Retry {
  private failures = 0;

  constructor(private random: () => number = Math.random, private most = longest) {}

  /** Milliseconds until the next try; after is the hub's Retry-After in seconds, 0 for none. */
  next(after = 0): number {
    const plain = Math.min(this.most, first * Math.pow(2, this.failures));
    this.failures = Math.min(this.failures + 1, 10);
    const shaken = plain * (0.8 + 0.2 * this.random());
    return Math.round(after > 0 ? after * 1000 + shaken * this.random() : shaken);
  }

  reset(): void {
    this.failures = 0;
  }

  get tries(): number {
    return this.failures;
  }
}

/** Retry-After as seconds: a number or a date; 0 where it says nothing. At most ten minutes. */
export function retryAfter(header: string | null, now: number): number {
  if (!header) return 0;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1000;
  return seconds > 0 ? Math.min(600, Math.ceil(seconds)) : 0;
}
