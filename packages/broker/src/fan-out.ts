import type { QoS, Subscription } from "@mqtt-meet/mqtt";
import type { Classify } from "./classification.ts";
import type { Rights } from "./grant.ts";
import type { EgressLimits } from "./limits.ts";
import type { OutboxItem } from "./outbox.ts";
import { Publication, type PublicationContent } from "./publication.ts";
import type { RetainedStore } from "./retained-store.ts";
import type { Session } from "./session.ts";
import type { SharedGroup } from "./shared-group.ts";
import type { Counters } from "./statistics.ts";
import { combine, type Delivery, type Match, type SubscriptionTrie } from "./subscription-trie.ts";

/** What a {@link FanOut} needs. */
export interface FanOutOptions {
  readonly subscriptions: SubscriptionTrie<Session>;
  readonly retained: RetainedStore<Publication>;
  readonly counters: Counters;
  readonly egress: EgressLimits;
  readonly now: () => number;
  readonly classify: Classify | undefined;
}

/** What became of a message. */
export type PublishOutcome = "delivered" | "nobody" | "quota";

/** Who gets a message, how and when. */
export interface Copy {
  readonly session: Session;
  readonly nowMs: number;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
}

/** Where a message comes from. */
export interface Origin {
  /** The one whose no-local subscriptions it is not for. A will has none. */
  readonly publisher: Session | undefined;
  /** Whose right to the topic decides for how long it is delivered as a retained message. */
  readonly owner: Rights | undefined;
}

/** Brings a message to all its subscribers. Never waits: each has a bounded queue of its own. */
export class FanOut {
  readonly #options: FanOutOptions;

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  /** Delivers a message that has been checked, and retains it. The payload may be a view. */
  publish(content: PublicationContent, { publisher, owner }: Origin): PublishOutcome {
    const { subscriptions, classify, now } = this.#options;
    const match = subscriptions.match(content.topic);
    const isWanted = match.deliveries.length > 0 || match.groups.length > 0;
    if (!isWanted && !content.retain) return "nobody";
    const classification = isWanted ? classify?.(content.topic, content.payload) : undefined;
    if (classification?.repeated) return "delivered";
    const publication = new Publication(content, { nowMs: now(), classification });
    if (content.retain && !this.#retain(publication, owner)) return "quota";
    this.#deliverAll(publication, { match, publisher });
    return isWanted ? "delivered" : "nobody";
  }

  /** Delivers to one session, as far as its grant allows. */
  deliver(publication: Publication, copy: Copy): void {
    const { session, qos, retain, identifiers, nowMs } = copy;
    const { link } = session;
    if (!session.mayReceive(publication.topic)) return;
    if (qos > 0) {
      this.#deliverReliably(session, { publication, qos: qos as 1 | 2, retain, identifiers });
    } else if (link) {
      link.send(publication.entry({ level: link.level, retain, identifiers }, nowMs));
    }
  }

  #deliverAll(
    publication: Publication,
    options: { readonly match: Match<Session>; readonly publisher: Session | undefined },
  ): void {
    const { match, publisher } = options;
    for (const delivery of match.deliveries) {
      if (delivery.subscriber === publisher) this.#deliverToPublisher(publication, delivery);
      else this.deliver(publication, copyFor(publication, delivery));
    }
    for (const group of match.groups) this.#deliverToGroup(publication, group);
  }

  #retain(publication: Publication, owner: Rights | undefined): boolean {
    const { retained } = this.#options;
    if (!publication.isEmpty) return retained.set(publication.retained(owner));
    retained.delete(publication.topic);
    return true;
  }

  #deliverToPublisher(publication: Publication, delivery: Delivery<Session>): void {
    const wanted = delivery.subscriptions.filter(({ noLocal }) => !noLocal);
    if (wanted.length === 0) return;
    this.deliver(publication, copyFor(publication, combine(delivery.subscriber, wanted)));
  }

  #deliverToGroup(publication: Publication, group: SharedGroup<Session>): void {
    const chosen = group.choose((session, subscription) => rank(publication, session, subscription));
    if (!chosen) return;
    const [session, subscription] = chosen;
    this.deliver(publication, copyFor(publication, combine(session, [subscription])));
  }

  #deliverReliably(session: Session, item: OutboxItem): void {
    item.publication.keep();
    const { outbox, link } = session;
    outbox.push(item);
    if (link) {
      link.sendReliable();
      return;
    }
    const limits = session.grant.egress ?? this.#options.egress;
    while (outbox.bytes > limits.maxReliableBytes || outbox.length > limits.maxReliableMessages) {
      if (!outbox.dropOldest()) return;
      this.#options.counters.offlineDropped++;
    }
  }
}

function copyFor(publication: Publication, delivery: Delivery<Session>): Copy {
  return {
    session: delivery.subscriber,
    nowMs: publication.publishedAtMs,
    qos: Math.min(publication.qos, delivery.qos) as QoS,
    retain: delivery.retainAsPublished && publication.retain,
    identifiers: delivery.identifiers,
  };
}

/** Who can take a message at once comes first; who is away only gets what can wait. */
function rank(publication: Publication, session: Session, subscription: Subscription): number {
  if (!session.mayReceive(publication.topic)) return -1;
  if (session.link) return session.link.isBusy ? 1 : 2;
  return Math.min(publication.qos, subscription.qos) > 0 ? 0 : -1;
}
