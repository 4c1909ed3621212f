/** The topic aliases of one direction of one connection. An alias, once given, stays. */
export class AliasTable {
  readonly #maximum: number;
  readonly #aliases = new Map<string, number>();

  constructor(options: { readonly maximum: number }) {
    this.#maximum = options.maximum;
  }

  /** The alias of a topic, and whether the receiver does not know it yet; undefined when there is none left. */
  aliasOf(topic: string): { readonly alias: number; readonly isNew: boolean } | undefined {
    const known = this.#aliases.get(topic);
    if (known !== undefined) return { alias: known, isNew: false };
    if (this.#aliases.size >= this.#maximum) return undefined;
    const alias = this.#aliases.size + 1;
    this.#aliases.set(topic, alias);
    return { alias, isNew: true };
  }
}
