import type { Authenticate, BrokerEvents, BrokerLimits, Classify, Grant } from "@mqtt-meet/broker";
import type {
  AddressLimits,
  ChunkJoiner,
  Counters,
  IdentityGroups,
  TopicCheck,
  TurnBatch,
} from "@mqtt-meet/broker/parts";
import type { ByteStream, Dial } from "@mqtt-meet/mqtt";

/** The gateway's own account at the broker behind it. */
export interface BrokerAccount {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Where the broker behind a gateway is, and who the gateway is there. */
export interface BrokerAddress extends BrokerAccount {
  readonly dial: Dial;
  /** Told of a connection that was opened and not answered. */
  readonly silent?: ((stream: ByteStream) => void) | undefined;
}

/** What is known of the broker behind the gateway. */
export interface BrokerKnowledge {
  /** Undefined until a client of MQTT 5 was let in or turned away because of its version. */
  speaksMqtt5: boolean | undefined;
}

/** What all connections through a gateway share. */
export interface GatewayCore {
  readonly limits: BrokerLimits;
  readonly authenticate: Authenticate;
  readonly classify: Classify;
  readonly events: BrokerEvents;
  readonly address: BrokerAddress;
  readonly knowledge: BrokerKnowledge;
  readonly counters: Counters;
  readonly topics: TopicCheck;
  readonly batch: TurnBatch;
  readonly joiner: ChunkJoiner;
  /** Who has a client id at present: only the same identity takes it over. */
  readonly holders: Map<string, { readonly grant: Grant }>;
  readonly addresses: AddressLimits;
  readonly groups: IdentityGroups;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}
