// What a wall shows that was opened without the session's digits: it could tell
// anybody on the Wi-Fi how to join, in the room or not.
import { digits } from "../look/digits";
import { Say } from "./say";

export function Digits({ wrong, enter }: { wrong: boolean; enter: (code: string) => void }) {
  const type = (event: Event) => {
    const field = event.target as HTMLInputElement;
    field.value = digits(field.value);
    if (field.value.length === 6) enter(field.value);
  };
  return (
    <form class="empty digits" onSubmit={(event) => event.preventDefault()}>
      <label for="code"><Say k="wall.digits" /></label>
      <input id="code" type="text" inputMode="numeric" autoComplete="off" maxLength={9} onInput={type} aria-describedby="code-wrong" />
      <p id="code-wrong" class="quiet" role="alert">{wrong && <Say k="wall.digits_wrong" />}</p>
    </form>
  );
}
