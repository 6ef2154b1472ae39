// The windows that ask before something that people would notice.
import { useState } from "preact/hooks";
import { Dialog } from "../look/parts";
import { t } from "../words/words";
import type { HostProps } from "./frame";
import { keyList } from "./keys";
import { stepTitle } from "./model";

export function Asked({ host }: HostProps) {
  const asking = host.asking;
  const close = () => host.ask(null);
  if (!asking) return null;
  switch (asking.kind) {
    case "unmask":
      return <Question title={t("host.unmask_title")} help={[t("host.unmask_help")]} go={t("host.unmask_go")} act={() => host.mask(false)} close={close} />;
    case "close":
      return <Question title={t("host.close_title", { Step: stepTitle(asking.step) })} help={[t("host.close_help")]} go={t("host.close")} act={() => host.act({ act: "step", step: asking.step.id, do: "close" })} close={close} />;
    case "announce":
      return <Question title={t("host.announce_title")} help={[t("host.announce_help")].concat(asking.mode === "alike" ? t("host.announce_alike") : [])} go={t("host.announce")} act={() => host.act({ act: "show", what: "tables", on: true })} close={close} />;
    case "not_now":
      return <NotNow host={host} id={asking.id} text={asking.text} />;
    default:
      return (
        <Dialog title={t("host.keys")} close={close}>
          <p class="quiet">{t("host.keys_help")}</p>
          <dl class="keys">{keyList.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(text)}</dd></div>)}</dl>
          <div class="row"><button class="filled" onClick={close}>{t("page.close")}</button></div>
        </Dialog>
      );
  }
}

interface QuestionProps {
  title: string;
  help: string[];
  go: string;
  act: () => void;
  close: () => void;
}

function Question({ title, help, go, act, close }: QuestionProps) {
  return (
    <Dialog title={title} close={close}>
      {help.map((line) => <p key={line}>{line}</p>)}
      <div class="row">
        <button onClick={close}>{t("page.cancel")}</button>
        <button class="filled" onClick={act}>{go}</button>
      </div>
    </Dialog>
  );
}

function NotNow({ host, id, text }: HostProps & { id: string; text: string }) {
  const [reason, setReason] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    if (reason.trim() !== "") void host.act({ act: "statement", id, do: "hide", reason: reason.trim() });
  };
  return (
    <Dialog title={t("host.not_now_title")} close={() => host.ask(null)}>
      <form onSubmit={send}>
        <p class="quoted">{text}</p>
        <label for="reason">{t("host.not_now_reason")}</label>
        <input id="reason" data-first type="text" required value={reason} onInput={(event) => setReason((event.target as HTMLInputElement).value)} />
        <div class="row">
          <button type="button" onClick={() => host.ask(null)}>{t("page.cancel")}</button>
          <button class="filled" type="submit" disabled={reason.trim() === ""}>{t("host.not_now")}</button>
        </div>
      </form>
    </Dialog>
  );
}
