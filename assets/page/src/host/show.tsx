// Switches, and those that show something to the room.
import { t } from "../words/words";
import type { ViewProps } from "./frame";

export type Shown = "results" | "map" | "tables" | "devices_down";

export function Switch({ name, on, turn }: { name: string; on: boolean; turn: (on: boolean) => void }) {
  return (
    <button class="switch" role="switch" aria-checked={on} onClick={() => turn(!on)}>
      <span>{name}</span>
      <span class="state"><span class="knob" aria-hidden="true" />{t(on ? "host.on" : "host.off")}</span>
    </button>
  );
}

export function ShowSwitch({ host, state, what }: ViewProps & { what: Shown }) {
  return <Switch name={t(`host.show_${what}`)} on={state.shown[what]} turn={(on) => void host.act({ act: "show", what, on })} />;
}
