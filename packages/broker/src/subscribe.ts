import { type QoS, ReasonCode, type SubscribePacket } from "@mqtt-meet/mqtt";
import type { BrokerCore } from "./broker-core.ts";
import type { Session } from "./session.ts";
import type { IdentifiedSubscription } from "./subscription-trie.ts";
import { isAcceptableFilter } from "./topic-rules.ts";

/** What became of the filters of a SUBSCRIBE. */
export interface SubscribeOutcome {
  /** One for each filter, in the words of MQTT 5. */
  readonly reasonCodes: readonly number[];
  /** Subscriptions that get retained messages, after SUBACK was sent. */
  readonly wantRetained: readonly IdentifiedSubscription[];
}

/** Carries out a SUBSCRIBE as far as the client's grant and the limits allow. */
export function subscribe(core: BrokerCore, request: SubscribeRequest): SubscribeOutcome {
  const { session, packet } = request;
  const isTooLong = packet.subscriptions.length > core.limits.maxFiltersPerSubscribe;
  const wantRetained: IdentifiedSubscription[] = [];
  const identifier = packet.properties?.subscriptionIdentifier;
  const reasonCodes = packet.subscriptions.map((subscription) => {
    const refusal = isTooLong ? ReasonCode.quotaExceeded : refusalOf(core, { session, filter: subscription.filter });
    if (refusal !== undefined) return refusal;
    const qos = Math.min(subscription.qos, session.grant.maxQos) as QoS;
    const granted = { ...subscription, qos, identifier };
    session.subscriptions.set(granted.filter, granted);
    const isNew = core.subscriptions.add(session, granted);
    const { retainHandling, filter } = granted;
    const isWanted = retainHandling === 0 || (retainHandling === 1 && isNew);
    if (isWanted && !filter.startsWith("$share/")) wantRetained.push(granted);
    return qos;
  });
  return { reasonCodes, wantRetained };
}

/** Who wants to subscribe to what. */
export interface SubscribeRequest {
  readonly session: Session;
  readonly packet: SubscribePacket;
}

/** Delivers the retained messages for a new subscription. */
export function deliverRetained(
  core: BrokerCore,
  options: { readonly session: Session; readonly subscription: IdentifiedSubscription },
): void {
  const { session, subscription } = options;
  const { identifier } = subscription;
  const nowMs = core.now();
  for (const publication of core.retained.match(subscription.filter, nowMs)) {
    if (!publication.isStillAllowed) {
      core.retained.delete(publication.topic);
      continue;
    }
    core.fanOut.deliver(publication, {
      session,
      nowMs,
      qos: Math.min(publication.qos, subscription.qos) as QoS,
      retain: true,
      identifiers: identifier === undefined ? undefined : [identifier],
    });
  }
}

/** Ends subscriptions. Returns one reason code for each filter. */
export function unsubscribe(
  core: BrokerCore,
  request: { readonly session: Session; readonly filters: readonly string[] },
): number[] {
  const { session, filters } = request;
  return filters.map((filter) => {
    if (!session.subscriptions.delete(filter)) return ReasonCode.noSubscriptionExisted;
    core.subscriptions.delete(session, filter);
    return ReasonCode.success;
  });
}

function refusalOf(
  core: BrokerCore,
  request: { readonly session: Session; readonly filter: string },
): number | undefined {
  const { session, filter } = request;
  const { subscriptions, grant } = session;
  if (!isAcceptableFilter(filter, core.limits)) return ReasonCode.topicFilterInvalid;
  if (!grant.maySubscribe(filter)) return ReasonCode.notAuthorized;
  const isFull = subscriptions.size >= core.limits.maxSubscriptionsPerClient && !subscriptions.has(filter);
  return isFull ? ReasonCode.quotaExceeded : undefined;
}
