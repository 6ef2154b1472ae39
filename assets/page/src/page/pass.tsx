// Passing the device on, asked for once.
import { Dialog } from "../look/parts";
import { t } from "../words/words";
import type { Model } from "./model";

export function PassOn({ model, close }: { model: Model; close: () => void }) {
  return (
    <Dialog title={t("pass.title")} close={close}>
      <p>{t("pass.help")}</p>
      <div class="row">
        <button onClick={close}>{t("pass.stay")}</button>
        <button class="filled" onClick={() => model.passOn()}>{t("pass.button")}</button>
      </div>
    </Dialog>
  );
}
