// The opinion map, once the host shows it.
import { useMemo } from "preact/hooks";
import type { OpinionMap } from "../hub/types";
import { Fine } from "../look/parts";
import { Chip, Legend } from "../map/legend";
import { Picture } from "../map/picture";
import { firstHelp, missing, sentences, unsure } from "../map/sentences";
import { tidy } from "../map/tidy";
import { t } from "../words/words";
import { MapText } from "./maptext";
import type { Model } from "./model";

export function MapScreen({ model }: { model: Model }) {
  const told = model.state && model.state.map;
  const shared = model.device.shared;
  // "You are here" only on one's own device.
  const map = useMemo(() => told && tidy({ ...told, you: shared ? null : told.you || null }), [told, shared]);
  if (!map || !model.state) return null;
  return (
    <section class="card map-card">
      <h1>{t("map.title")}</h1>
      {map.scene ? (
        <>
          <Drawn map={map} />
          <MapText map={map} state={model.state} />
        </>
      ) : <Missing map={map} />}
    </section>
  );
}

export function Missing({ map }: { map: OpinionMap }) {
  return (
    <>
      <p><strong>{t("map.missing")}</strong></p>
      {missing(map).map((line) => <p key={line}><Fine text={line} /></p>)}
    </>
  );
}

const said = "map-said";

function Drawn({ map }: { map: OpinionMap }) {
  const scene = map.scene;
  if (!scene) return null;
  return (
    <>
      <How map={map} />
      <Light map={map} />
      <figure>
        <Picture scene={scene} grouped={map.groups_found} you={map.you || null} spoken={t("map.title")} said={said} text={14} />
        <Legend scene={scene} grouped={map.groups_found} />
      </figure>
      {/* Only what changes is spoken anew: the text stays while its sentences do. */}
      <p class="spoken" id={said} aria-live="polite">{sentences(map).join(" ")}</p>
      {unsure(map).map((line) => <p key={line}><Fine text={line} /></p>)}
    </>
  );
}

function How({ map }: { map: OpinionMap }) {
  if (map.groups_found) return <p class="quiet"><Fine text={t("map.how")} /></p>;
  return (
    <>
      <p><strong>{t("map.none")}</strong></p>
      <p class="quiet"><Fine text={t("map.none_means")} /></p>
    </>
  );
}

function Light({ map }: { map: OpinionMap }) {
  const help = firstHelp(map);
  if (!map.light || map.light === "green") return null;
  return <p class="light small"><Chip light={map.light} />{help && <span class="quiet"><Fine text={help} /></span>}</p>;
}
