// What the wall shows, chosen here.
import { clockText } from "../look/clock";
import { Fine } from "../look/parts";
import { t } from "../words/words";
import type { ViewProps } from "./frame";

const modes = ["join", "rules", "clock", "statements", "map", "tables", "black"];

export function WallView({ host, state }: ViewProps) {
  const address = state.join.addresses[0];
  return (
    <>
      <div class="step-head">
        <h1>{t("host.wall")}</h1>
        {address && <a class="button" href={address + "/wall#" + state.join.code} target="_blank" rel="noopener noreferrer">{t("host.wall_open")}</a>}
      </div>
      <section class="card">
        <h2>{t("host.wall_now")}</h2>
        <div class={"thumbnail" + (state.mode === "black" ? " dark" : "")}>
          <p><Fine text={state.title} /></p>
          <p class="big">{t(`host.mode_${state.mode}`)}</p>
          <p>{clockText(state.step, host.now())}</p>
        </div>
        <div class="wall-modes" role="group" aria-label={t("host.wall")}>
          {modes.map((mode) => (
            <button key={mode} aria-pressed={mode === state.mode} onClick={() => host.act({ act: "wall", mode })}>{t(`host.mode_${mode}`)}</button>
          ))}
        </div>
      </section>
    </>
  );
}
