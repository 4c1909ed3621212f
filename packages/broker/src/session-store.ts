import type { Grant } from "./grant.ts";
import { Session } from "./session.ts";
import type { SubscriptionTrie } from "./subscription-trie.ts";

/** What a {@link SessionStore} needs. */
export interface SessionStoreOptions {
  readonly subscriptions: SubscriptionTrie<Session>;
  readonly maxSessions: number;
  /** A lost client's will is due. */
  readonly onWill: (session: Session) => void;
}

/** The sessions by client id, from CONNECT until they end: with or after their connection. */
export class SessionStore {
  readonly #sessions = new Map<string, Session>();
  readonly #options: SessionStoreOptions;

  constructor(options: SessionStoreOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(clientId: string): Session | undefined {
    return this.#sessions.get(clientId);
  }

  /** A new session, or with `resume` the one there is, under a new grant. */
  open(clientId: string, options: { readonly grant: Grant; readonly resume: boolean }): OpenedSession {
    const existing = this.#sessions.get(clientId);
    if (existing && options.resume) {
      for (const filter of existing.applyGrant(options.grant)) this.#options.subscriptions.delete(existing, filter);
      existing.will = undefined;
      existing.willAtMs = Number.POSITIVE_INFINITY;
      existing.endsAtMs = Number.POSITIVE_INFINITY;
      return { session: existing, isPresent: true };
    }
    if (existing) this.end(existing);
    if (this.#sessions.size >= this.#options.maxSessions) this.#endOldest();
    const session = new Session({ clientId, grant: options.grant });
    this.#sessions.set(clientId, session);
    return { session, isPresent: false };
  }

  /** The connection is gone. `willful`: the client said goodbye, and its will does not count. */
  detach(session: Session, options: { readonly willful: boolean; readonly nowMs: number }): void {
    session.link = undefined;
    if (options.willful) session.will = undefined;
    if (session.expiryS === 0) {
      this.end(session);
      return;
    }
    session.endsAtMs = options.nowMs + session.expiryS * 1000;
    if (!session.will) return;
    session.willAtMs = options.nowMs + session.will.delayS * 1000;
    if (session.will.delayS === 0) this.#publishWill(session);
  }

  /** Publishes a will that is pending and forgets everything. */
  end(session: Session): void {
    if (this.#sessions.get(session.clientId) !== session) return;
    this.#sessions.delete(session.clientId);
    for (const filter of session.subscriptions.keys()) this.#options.subscriptions.delete(session, filter);
    session.subscriptions.clear();
    this.#publishWill(session);
  }

  /** Ends what has expired and publishes the wills that are due. */
  tick(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.link) continue;
      if (session.willAtMs <= nowMs) this.#publishWill(session);
      if (session.endsAtMs <= nowMs) this.end(session);
    }
  }

  #publishWill(session: Session): void {
    if (session.will) this.#options.onWill(session);
    session.will = undefined;
    session.willAtMs = Number.POSITIVE_INFINITY;
  }

  #endOldest(): void {
    let oldest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (!session.link && session.endsAtMs < (oldest?.endsAtMs ?? Number.POSITIVE_INFINITY)) oldest = session;
    }
    if (oldest) this.end(oldest);
  }
}

/** A session, and whether it was there before. */
export interface OpenedSession {
  readonly session: Session;
  readonly isPresent: boolean;
}
