// A text of the catalogue, with the other language under it where the room
// reads both.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { Fine } from "../look/parts";
import { Language, t, tag, textIn, Values } from "../words/words";

export const Second = createContext<Language | null>(null);

export function Say({ k, values }: { k: string; values?: Values }) {
  const second = useContext(Second);
  const text = t(k, values);
  if (!second) return <Fine text={text} />;
  return (
    <span class="two">
      <span><Fine text={text} /></span>
      <span class="second" lang={tag(second)}><Fine text={textIn(second, k, values)} /></span>
    </span>
  );
}
