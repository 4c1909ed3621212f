import type { ProtocolLevel } from "@mqtt-meet/mqtt";
import type { Grant, Rights } from "./grant.ts";
import { Outbox } from "./outbox.ts";
import { PacketIdSet } from "./packet-id-set.ts";
import type { Publication, PublicationContent, PublicationEntry } from "./publication.ts";
import type { IdentifiedSubscription } from "./subscription-trie.ts";

/** The connection of a session, as seen by those who have something to deliver. */
export interface Link {
  readonly level: ProtocolLevel;
  /** More waits for it than a socket takes at once. */
  readonly isBusy: boolean;
  send(entry: PublicationEntry): void;
  /** Sends from the session's outbox what the window allows. */
  sendReliable(): void;
  /** Ends the connection. The reason code is told to MQTT 5 clients. */
  close(reasonCode: number): void;
}

/** What is published when the client is lost. */
export interface SessionWill {
  readonly content: PublicationContent;
  readonly delayS: number;
}

/** What the broker knows of a client beyond its connection. */
export class Session {
  readonly clientId: string;
  /** Of what it has retained, too, which may outlive the session. */
  readonly rights: Rights;
  /** Undefined while the client is away. */
  link: Link | undefined;
  /** How long it outlives its connection. */
  expiryS = 0;
  /** When it ends; infinity while connected. */
  endsAtMs = Number.POSITIVE_INFINITY;
  will: SessionWill | undefined;
  /** When the will of a lost client is due. */
  willAtMs = Number.POSITIVE_INFINITY;
  readonly subscriptions = new Map<string, IdentifiedSubscription>();
  readonly outbox = new Outbox();
  /** Packet ids of QoS 2 messages that the client has not released. */
  readonly received = new PacketIdSet();

  constructor(options: { readonly clientId: string; readonly grant: Grant }) {
    this.clientId = options.clientId;
    this.rights = { grant: options.grant };
  }

  get grant(): Grant {
    return this.rights.grant;
  }

  mayReceive(topic: string): boolean {
    return this.grant.mayReceive?.(topic) ?? true;
  }

  /** Drops what the present grant does not allow any more, and returns the filters that are gone. */
  applyGrant(grant: Grant): string[] {
    this.rights.grant = grant;
    this.outbox.retainOnly((publication: Publication) => this.mayReceive(publication.topic));
    const refused = [...this.subscriptions.keys()].filter((filter) => !grant.maySubscribe(filter));
    for (const filter of refused) this.subscriptions.delete(filter);
    return refused;
  }
}
