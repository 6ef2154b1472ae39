// Shows as many entries as fit, whole, and turns the page every few seconds.
// The arrow keys turn it by hand and stop the turning.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Say } from "./say";

const turnEvery = 12000;

export interface PagerProps {
  /** What is shown, each with a key of its own. */
  entries: ComponentChildren[];
  /** The class of the list. */
  look: string;
  /** The most that one page may hold. */
  most: number;
}

export function Pager({ entries, look, most }: PagerProps) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState(most);
  const [page, setPage] = useState(0);
  const [still, hold] = useState(false);
  const [, measure] = useState(0);
  const pages = Math.max(1, Math.ceil(entries.length / size));
  const at = page % pages;

  // Smaller until nothing is cut off.
  useLayoutEffect(() => {
    const frame = box.current;
    if (frame && size > 1 && frame.scrollHeight > frame.clientHeight + 1) setSize(size - 1);
  });

  useEffect(() => {
    const again = () => {
      setSize(most);
      measure((n) => n + 1);
    };
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  }, [most]);

  useEffect(() => {
    const timer = still || pages < 2 ? 0 : window.setInterval(() => setPage((n) => n + 1), turnEvery);
    const press = (event: KeyboardEvent) => {
      const turn = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? pages - 1 : 0;
      if (turn === 0) return;
      hold(true);
      setPage((n) => n + turn);
    };
    window.addEventListener("keydown", press);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", press);
    };
  }, [pages, still]);

  return (
    <div class="pager">
      <div class="fit" ref={box}>
        <ul class={look}>{entries.slice(at * size, at * size + size)}</ul>
      </div>
      {pages > 1 && <p class="quiet turn"><Say k="wall.page" values={{ N: at + 1, Total: pages }} /></p>}
    </div>
  );
}
