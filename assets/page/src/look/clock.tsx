// The clock of a running step, told by the hub's clock.
import { useEffect, useState } from "preact/hooks";
import type { Step } from "../hub/types";
import { minutes, t } from "../words/words";

/** Draws again every second while a step with an end is open. */
export function useTick(running: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [running]);
}

/** "剩 12:40", "時間到", or "" where no clock runs. */
export function clockText(step: Step | null, now: number): string {
  if (!step || !step.open || !step.ends) return "";
  return step.ends <= now ? t("clock.over") : t("clock.left", { Time: minutes(step.ends - now) });
}

export function RunningClock({ step, now }: { step: Step | null; now: () => number }) {
  useTick(step !== null && step.open && step.ends > 0);
  const text = clockText(step, now());
  return text ? <p class="clock" role="timer">{text}</p> : null;
}
