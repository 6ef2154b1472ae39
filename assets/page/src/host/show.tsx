// The switches that show something to the room.
import { t } from "../words/words";
import type { ViewProps } from "./frame";

export type Shown = "results" | "map" | "tables" | "devices_down";

export function ShowSwitch({ host, state, what }: ViewProps & { what: Shown }) {
  const on = state.shown[what];
  return (
    <button class="switch" role="switch" aria-checked={on} onClick={() => host.act({ act: "show", what, on: !on })}>
      <span>{t(`host.show_${what}`)}</span>
      <span class="state"><span class="knob" aria-hidden="true" />{t(on ? "host.on" : "host.off")}</span>
    </button>
  );
}
