// Tells a hub of the session that does not know a token whose it is: the page has come
// from another of its hubs, and nobody should have to join twice.
import { Client } from "../hub/client";
import type { Standing } from "../hub/link";
import type { Failure, Joined, Person } from "../hub/types";
import type { Language } from "../words/words";
import type { Ring } from "./ring";

/** "refused" is the hub's last word; "in_use" says that the badge is another device's there. */
export type Answer = Exclude<Standing, "gone"> | "refused" | "in_use";

export class Readmission {
  private going: Record<string, Promise<Answer>> = {};
  /** Tokens that this hub does not want: asking again would look like guessing. */
  private refused: string[] = [];

  constructor(private client: Client, private ring: Ring) {}

  /** The page is at another hub, which may think otherwise. */
  start(): void {
    this.refused = [];
  }

  /** Lets a token in again, with what it came in by; was is what the person was called where they were. However many ask, it is sent once. */
  of(token: string, code: string, lang: Language, was?: Person): Promise<Answer> {
    const going = this.going[token];
    if (going) return going;
    const asked = this.ask(token, code, lang, was).then((answer) => {
      delete this.going[token];
      if (answer === "refused") this.refused.push(token);
      return answer;
    });
    return (this.going[token] = asked);
  }

  private async ask(token: string, code: string, lang: Language, was?: Person): Promise<Answer> {
    if (this.refused.indexOf(token) >= 0) return "refused";
    const { badge, typed } = this.ring.means(token);
    const person = { code, token, lang, name: "" };
    const body = badge ? { ...person, number: badge.number, move: false } : typed ? { ...person, badge: typed, move: false } : was ? { ...person, was: { number: was.number, word: was.word } } : person;
    const reply = await this.client.post<Joined & Failure>("/join", body, badge ? token : "");
    if (reply.status === 201 && reply.body && reply.body.person) return "known";
    if (reply.status === 409 && reply.body && reply.body.error && reply.body.error.code === "badge_in_use") return "in_use";
    return reply.status === 403 || reply.status === 409 || reply.status === 422 ? "refused" : "away";
  }
}
