import type { QoS, Subscription } from "@mqtt-meet/mqtt";
import { SharedGroup } from "./shared-group.ts";

/** A subscription with the identifier that MQTT 5 gave it. */
export interface IdentifiedSubscription extends Subscription {
  readonly identifier?: number | undefined;
}

/** What one subscriber wants of a topic: all its matching subscriptions, and what they come to together. */
export interface Delivery<S> {
  readonly subscriber: S;
  readonly subscriptions: readonly IdentifiedSubscription[];
  /** The highest. */
  readonly qos: QoS;
  readonly retainAsPublished: boolean;
  /** Of those subscriptions that have one; undefined when none has. */
  readonly identifiers: readonly number[] | undefined;
}

/** Everybody who gets the messages of a topic. */
export interface Match<S> {
  readonly deliveries: readonly Delivery<S>[];
  readonly groups: readonly SharedGroup<S>[];
}

interface Node<S> {
  readonly children: Map<string, Node<S>>;
  readonly subscriptions: Map<S, IdentifiedSubscription>;
  readonly groups: Map<string, SharedGroup<S>>;
}

/** Topics whose matches are remembered. Media uses a few topics for many messages. */
const MAX_CACHED_TOPICS = 4096;

/** Who subscribes to what: filters with wildcards and shared subscriptions, matched against topics. */
export class SubscriptionTrie<S> {
  readonly #root: Node<S> = newNode();
  readonly #cache = new Map<string, Match<S>>();
  #size = 0;

  /** How many subscriptions there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds or replaces. Returns whether it is new. The filter has been checked. */
  add(subscriber: S, subscription: IdentifiedSubscription): boolean {
    this.#cache.clear();
    const { share, levels } = splitFilter(subscription.filter);
    let node = this.#root;
    for (const level of levels) {
      let child = node.children.get(level);
      if (!child) {
        child = newNode();
        node.children.set(level, child);
      }
      node = child;
    }
    const isNew = addTo(node, { share, subscriber, subscription });
    if (isNew) this.#size++;
    return isNew;
  }

  /** Returns whether there was such a subscription. */
  delete(subscriber: S, filter: string): boolean {
    this.#cache.clear();
    const { share, levels } = splitFilter(filter);
    const path: Node<S>[] = [this.#root];
    for (const level of levels) {
      const child = (path.at(-1) as Node<S>).children.get(level);
      if (!child) return false;
      path.push(child);
    }
    const found = deleteFrom(path.at(-1) as Node<S>, { share, subscriber });
    if (found) this.#size--;
    for (let depth = levels.length; depth > 0 && isEmpty(path[depth] as Node<S>); depth--) {
      (path[depth - 1] as Node<S>).children.delete(levels[depth - 1] as string);
    }
    return found;
  }

  /** Who gets messages of `topic`. Valid until the next change. */
  match(topic: string): Match<S> {
    const cached = this.#cache.get(topic);
    if (cached) return cached;
    const nodes: Node<S>[] = [];
    collect(this.#root, { levels: topic.split("/"), depth: 0, nodes });
    const match = toMatch(nodes);
    if (this.#cache.size >= MAX_CACHED_TOPICS) this.#cache.clear();
    this.#cache.set(topic, match);
    return match;
  }
}

/** What several subscriptions of one subscriber come to together. There is at least one. */
export function combine<S>(subscriber: S, subscriptions: readonly IdentifiedSubscription[]): Delivery<S> {
  const identifiers = subscriptions.flatMap(({ identifier }) => (identifier === undefined ? [] : [identifier]));
  return {
    subscriber,
    subscriptions,
    qos: Math.max(...subscriptions.map(({ qos }) => qos)) as QoS,
    retainAsPublished: subscriptions.some(({ retainAsPublished }) => retainAsPublished),
    identifiers: identifiers.length > 0 ? identifiers : undefined,
  };
}

/** The name of the group of a shared subscription, and the levels of the filter proper. */
export function splitFilter(filter: string): { readonly share: string | undefined; readonly levels: string[] } {
  const levels = filter.split("/");
  if (levels[0] !== "$share" || levels.length < 3) return { share: undefined, levels };
  return { share: levels[1], levels: levels.slice(2) };
}

function newNode<S>(): Node<S> {
  return { children: new Map(), subscriptions: new Map(), groups: new Map() };
}

function isEmpty<S>(node: Node<S>): boolean {
  return node.children.size === 0 && node.subscriptions.size === 0 && node.groups.size === 0;
}

function addTo<S>(
  node: Node<S>,
  entry: { readonly share: string | undefined; readonly subscriber: S; readonly subscription: IdentifiedSubscription },
): boolean {
  const { share, subscriber, subscription } = entry;
  if (share === undefined) {
    const isNew = !node.subscriptions.has(subscriber);
    node.subscriptions.set(subscriber, subscription);
    return isNew;
  }
  const group = node.groups.get(share) ?? new SharedGroup<S>();
  node.groups.set(share, group);
  return group.add(subscriber, subscription);
}

function deleteFrom<S>(node: Node<S>, entry: { readonly share: string | undefined; readonly subscriber: S }): boolean {
  const { share, subscriber } = entry;
  if (share === undefined) return node.subscriptions.delete(subscriber);
  const group = node.groups.get(share);
  const found = group?.delete(subscriber) ?? false;
  if (group?.size === 0) node.groups.delete(share);
  return found;
}

/** Visits each node at most once, so the work is bounded by the number of subscriptions. */
function collect<S>(
  node: Node<S>,
  walk: { readonly levels: readonly string[]; readonly depth: number; readonly nodes: Node<S>[] },
): void {
  const { levels, depth, nodes } = walk;
  const wild = depth > 0 || !levels[0]?.startsWith("$");
  const rest = wild ? node.children.get("#") : undefined;
  if (rest) nodes.push(rest);
  if (depth === levels.length) {
    nodes.push(node);
    return;
  }
  const next = { levels, depth: depth + 1, nodes };
  const exact = node.children.get(levels[depth] as string);
  if (exact) collect(exact, next);
  const single = wild ? node.children.get("+") : undefined;
  if (single) collect(single, next);
}

function toMatch<S>(nodes: readonly Node<S>[]): Match<S> {
  const wanted = new Map<S, IdentifiedSubscription[]>();
  const groups: SharedGroup<S>[] = [];
  for (const node of nodes) {
    groups.push(...node.groups.values());
    for (const [subscriber, subscription] of node.subscriptions) {
      const list = wanted.get(subscriber);
      if (list) list.push(subscription);
      else wanted.set(subscriber, [subscription]);
    }
  }
  return { deliveries: Array.from(wanted, ([subscriber, list]) => combine(subscriber, list)), groups };
}
