// The facilitator's keys: all of it can be run without a mouse.
import type { Host } from "./model";

/** Key and the text that says what it does, for the list. */
export const keyList: [string, string][] = [
  ["1 – 9", "host.key_step"],
  ["Space", "host.key_space"],
  ["Q", "host.key_q"],
  ["W", "host.key_w"],
  ["B", "host.key_b"],
  ["P", "host.key_p"],
  ["?", "host.key_help"],
];

export function listen(host: Host): void {
  window.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || !host.state || host.asking) return;
    const target = event.target as HTMLElement | null;
    if (target && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
    const onControl = target !== null && /^(BUTTON|A|SUMMARY)$/.test(target.tagName);
    if (event.key === " " && onControl) return;
    if (press(host, event.key)) event.preventDefault();
  });
}

function press(host: Host, key: string): boolean {
  if (/^[1-9]$/.test(key) && host.state) {
    const step = host.state.steps[Number(key) - 1];
    if (step) host.look({ step: step.id });
    return step !== undefined;
  }
  switch (key.toLowerCase()) {
    case " ":
      return startOrClose(host);
    case "q":
      void host.act({ act: "wall", mode: "join" });
      return true;
    case "w":
      host.look("wall");
      return true;
    case "b":
      host.black();
      return true;
    case "p":
      if (host.masked) host.ask({ kind: "unmask" });
      else host.mask(true);
      return true;
    case "?":
      host.ask({ kind: "keys" });
      return true;
  }
  return false;
}

function startOrClose(host: Host): boolean {
  const running = host.running;
  const viewed = host.viewed;
  if (running) host.ask({ kind: "close", step: running });
  else if (viewed) void host.act({ act: "step", step: viewed.id, do: "start" });
  return running !== null || viewed !== null;
}
