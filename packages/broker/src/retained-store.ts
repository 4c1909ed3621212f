/** What a {@link RetainedStore} must know of a message. */
export interface Retained {
  readonly topic: string;
  readonly sizeBytes: number;
  readonly expiresAtMs: number;
}

interface Node<M> {
  readonly children: Map<string, Node<M>>;
  message: M | undefined;
}

/** What an entry costs beside its bytes. */
const ENTRY_OVERHEAD_BYTES = 256;

/** The last retained message of each topic, found by filters with wildcards. Bounded in messages and bytes. */
export class RetainedStore<M extends Retained> {
  readonly #root: Node<M> = newNode();
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #size = 0;
  #bytes = 0;

  constructor(limits: { readonly maxMessages: number; readonly maxBytes: number }) {
    this.#maxMessages = limits.maxMessages;
    this.#maxBytes = limits.maxBytes;
  }

  /** How many messages there are, also expired ones that nobody has asked for since. */
  get size(): number {
    return this.#size;
  }

  /** Replaces the topic's message. Returns false, and changes nothing, when there is no room. */
  set(message: M): boolean {
    const levels = message.topic.split("/");
    const before = this.#find(levels)?.message;
    const size = this.#size + (before ? 0 : 1);
    const bytes = this.#bytes + cost(message) - (before ? cost(before) : 0);
    if (size > this.#maxMessages || bytes > this.#maxBytes) return false;
    let node = this.#root;
    for (const level of levels) {
      let child = node.children.get(level);
      if (!child) {
        child = newNode();
        node.children.set(level, child);
      }
      node = child;
    }
    node.message = message;
    this.#size = size;
    this.#bytes = bytes;
    return true;
  }

  /** Removes the topic's message. */
  delete(topic: string): void {
    const levels = topic.split("/");
    const path: Node<M>[] = [this.#root];
    for (const level of levels) {
      const child = path.at(-1)?.children.get(level);
      if (!child) return;
      path.push(child);
    }
    this.#forget(path.at(-1) as Node<M>);
    for (let depth = levels.length; depth > 0; depth--) {
      const node = path[depth] as Node<M>;
      if (node.message || node.children.size > 0) return;
      path[depth - 1]?.children.delete(levels[depth - 1] as string);
    }
  }

  /** The messages for a filter that has been checked and is not shared, without expired ones. */
  match(filter: string, nowMs: number): M[] {
    const found: M[] = [];
    collect(this.#root, { levels: filter.split("/"), depth: 0, found });
    return found.filter((message) => message.expiresAtMs > nowMs);
  }

  /** Removes expired messages. */
  sweep(nowMs: number): void {
    const all: M[] = [];
    collectAll(this.#root, all);
    for (const message of all) if (message.expiresAtMs <= nowMs) this.delete(message.topic);
  }

  #find(levels: readonly string[]): Node<M> | undefined {
    let node: Node<M> | undefined = this.#root;
    for (const level of levels) node = node?.children.get(level);
    return node;
  }

  #forget(node: Node<M>): void {
    if (!node.message) return;
    this.#size--;
    this.#bytes -= cost(node.message);
    node.message = undefined;
  }
}

function newNode<M>(): Node<M> {
  return { children: new Map(), message: undefined };
}

function cost(message: Retained): number {
  return message.sizeBytes + ENTRY_OVERHEAD_BYTES;
}

function collect<M>(
  node: Node<M>,
  walk: { readonly levels: readonly string[]; readonly depth: number; readonly found: M[] },
): void {
  const { levels, depth, found } = walk;
  const level = levels[depth];
  const isEnd = level === undefined || (level === "#" && depth > 0);
  if (isEnd && node.message) found.push(node.message);
  if (level === undefined) return;
  const next = { levels, depth: depth + 1, found };
  for (const child of childrenFor(node, { level, depth })) {
    if (level === "#") collectAll(child, found);
    else collect(child, next);
  }
}

/** Wildcards do not stand for first levels that begin with `$`. */
function childrenFor<M>(
  node: Node<M>,
  { level, depth }: { readonly level: string; readonly depth: number },
): readonly Node<M>[] {
  if (level !== "+" && level !== "#") {
    const child = node.children.get(level);
    return child ? [child] : [];
  }
  const children = [...node.children].filter(([name]) => depth > 0 || !name.startsWith("$"));
  return children.map(([, child]) => child);
}

function collectAll<M>(node: Node<M>, found: M[]): void {
  if (node.message) found.push(node.message);
  for (const child of node.children.values()) collectAll(child, found);
}
