// On a device that goes from hand to hand: after 90 s without a touch, asks
// whether somebody is still reading, and then makes room for the next person.
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../look/parts";
import { t } from "../words/words";
import type { Model } from "./model";

export const idleAfter = 90;
const answerWithin = 30;
const signs = ["pointerdown", "touchstart", "keydown", "scroll", "input"];

export function Idle({ model }: { model: Model }) {
  const [still, setStill] = useState(0);
  useEffect(() => {
    let touched = Date.now();
    const touch = () => {
      if (Date.now() - touched < (idleAfter + 1) * 1000) touched = Date.now();
    };
    signs.forEach((sign) => window.addEventListener(sign, touch, { passive: true }));
    const timer = window.setInterval(() => setStill(Math.floor((Date.now() - touched) / 1000)), 1000);
    return () => {
      signs.forEach((sign) => window.removeEventListener(sign, touch));
      clearInterval(timer);
    };
  }, [model.identity, still < idleAfter]);
  const left = idleAfter + answerWithin - still;
  useEffect(() => {
    if (left <= 0) model.passOn();
  }, [left <= 0]);
  if (still < idleAfter || left <= 0) return null;
  const stay = () => setStill(0);
  return (
    <Dialog title={t("idle.title")} close={stay} alert>
      <p>{t("idle.help", { N: left })}</p>
      <div class="row">
        <button onClick={() => model.passOn()}>{t("pass.button")}</button>
        <button class="filled" data-first onClick={stay}>{t("idle.stay")}</button>
      </div>
    </Dialog>
  );
}
