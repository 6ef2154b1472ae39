// A person's contact with the hub: the live stream, and the state when it changed.
import { Client } from "../hub/client";
import { Link, Standing } from "../hub/link";
import type { LiveEvent, State } from "../hub/types";
import type { Identity } from "./keep";

export interface Listener {
  /** The version of the state that is known, -1 for none. */
  version(): number;
  /** A state, or only its changeable parts where the rest is unchanged. */
  told(state: State): void;
  event(event: LiveEvent): void;
  reached(here: boolean): void;
  /** The hub does not know the token. */
  unknown(token: string): Promise<Standing>;
}

export class Contact {
  private link: Link | null = null;
  private identity: Identity | null = null;
  private asking = false;
  private again = false;

  constructor(private client: Client, private listener: Listener) {}

  /** Follows the hub in the name of a person who has joined. */
  follow(identity: Identity): void {
    this.leave();
    this.identity = identity;
    this.link = new Link(this.client, "/live", identity.token, {
      event: (data) => this.event(data as LiveEvent),
      poll: () => this.ask(),
      reach: (here) => {
        this.listener.reached(here);
        if (here) void this.ask();
      },
      unknown: () => this.listener.unknown(identity.token),
      lost: () => this.client.move(identity.session),
    });
    this.link.start();
    void this.ask();
  }

  leave(): void {
    if (this.link) this.link.stop();
    this.link = null;
    this.identity = null;
  }

  /** Tries again now; false when nobody is followed. */
  kick(): boolean {
    if (this.link) this.link.kick();
    return this.link !== null;
  }

  /** Asks for the state; false when no hub answered. */
  async ask(): Promise<boolean> {
    const identity = this.identity;
    if (!identity) return false;
    if (this.asking) {
      this.again = true;
      return true;
    }
    this.asking = true;
    const known = this.listener.version();
    const reply = await this.client.get<State>("/state" + (known < 0 ? "" : "?since=" + known), identity.token);
    this.asking = false;
    if (identity === this.identity) {
      if (reply.status === 401) void this.listener.unknown(identity.token);
      if (reply.status === 200 && reply.body) this.listener.told(reply.body);
    }
    if (this.again) {
      this.again = false;
      void this.ask();
    }
    return reply.status === 200;
  }

  private event(event: LiveEvent): void {
    if (event.hubs) this.client.learn(event.hubs);
    this.listener.event(event);
    if (event.version !== this.listener.version()) void this.ask();
  }
}
