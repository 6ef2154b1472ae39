// One reading of a live stream, until it ends, fails or falls silent.
import { Frame, Frames } from "./frames";

/** The hub sends a beat every 4 s; this long without one and the stream is dead. */
export const silence = 9000;

export type End = "ended" | "failed" | "silent" | "unknown_token" | "unsupported" | "crowded";

export interface Reading {
  /** Resolves when the stream is over; heard says whether anything came at all. */
  done: Promise<{ end: End; heard: boolean }>;
  stop(): void;
}

export function canStream(): boolean {
  return typeof ReadableStream === "function" && typeof TextDecoder === "function" && typeof Response === "function" && "body" in Response.prototype;
}

/** Reads what open gives. */
export function read(open: (init: RequestInit) => Promise<Response>, take: (frame: Frame) => void, opened: () => void): Reading {
  const abort = typeof AbortController === "function" ? new AbortController() : null;
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let heard = false;
  let finish: (end: End) => void = () => undefined;
  const over = new Promise<End>((resolve) => (finish = resolve));
  let watch = 0;
  const rest = () => {
    clearTimeout(watch);
    watch = window.setTimeout(() => finish("silent"), silence);
  };

  const run = async () => {
    rest();
    const response = await open(abort ? { signal: abort.signal } : {});
    if (response.status === 401) return finish("unknown_token");
    if (response.status === 503) return finish("crowded");
    if (!response.ok || !response.body) return finish(response.body ? "failed" : "unsupported");
    reader = response.body.getReader();
    const decoder = new TextDecoder();
    const frames = new Frames();
    for (;;) {
      const piece = await reader.read();
      if (piece.done) return finish("ended");
      if (!heard) opened();
      heard = true;
      rest();
      frames.push(decoder.decode(piece.value, { stream: true })).forEach(take);
    }
  };
  run().catch(() => finish("failed"));

  const quit = () => {
    clearTimeout(watch);
    if (reader) reader.cancel().catch(() => undefined);
    if (abort) abort.abort();
  };
  return {
    done: over.then((end) => {
      quit();
      return { end, heard };
    }),
    stop: () => finish("ended"),
  };
}
