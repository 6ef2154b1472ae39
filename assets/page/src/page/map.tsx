// The opinion map, once the host shows it, and the same in words.
import type { OpinionMap } from "../hub/types";
import { Fine } from "../look/parts";
import { GroupMark } from "../map/apart";
import { Picture } from "../map/picture";
import { byLetter, missing, sentences } from "../map/sentences";
import { shapeOf } from "../map/shapes";
import { t } from "../words/words";
import type { Model } from "./model";

export function MapScreen({ model }: { model: Model }) {
  const map = model.state && model.state.map;
  if (!map) return null;
  // "You are here" only on one's own device.
  const own: OpinionMap = { ...map, you: model.device.shared ? null : map.you || null };
  return (
    <section class="card map-card">
      <h1>{t("map.title")}</h1>
      {own.scene && own.scene.marks.length > 0 ? <Drawn map={own} /> : <Missing map={own} />}
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

function Drawn({ map }: { map: OpinionMap }) {
  const scene = map.scene;
  if (!scene) return null;
  const said = sentences(map);
  return (
    <>
      <p class="quiet"><Fine text={map.groups_found ? t("map.how") : t("map.none")} /></p>
      <figure>
        <Picture scene={scene} grouped={map.groups_found} you={map.you || null} spoken={said.join(" ")} text={14} />
      </figure>
      <details>
        <summary>{t("map.text")}</summary>
        {said.map((line) => <p key={line}>{line}</p>)}
        {map.groups_found && <Figures map={map} />}
      </details>
    </>
  );
}

function Figures({ map }: { map: OpinionMap }) {
  const scene = map.scene;
  if (!scene) return null;
  const alone = scene.marks.filter((mark) => !mark.group).reduce((sum, mark) => sum + mark.people, 0);
  return (
    <table>
      <thead>
        <tr><th scope="col">{t("map.col_group")}</th><th scope="col">{t("map.col_shape")}</th><th scope="col">{t("map.col_people")}</th></tr>
      </thead>
      <tbody>
        {byLetter(scene).map((label) => (
          <tr key={label.group}>
            <td>{t("map.group", { Letter: label.group })}</td>
            <td><GroupMark letter={label.group} /> {t(`shape.${shapeOf(label.group)}`)}</td>
            <td>{label.people}</td>
          </tr>
        ))}
        {alone > 0 && <tr><td>{t("map.ungrouped")}</td><td>{t("shape.ring")}</td><td>{alone}</td></tr>}
      </tbody>
    </table>
  );
}
