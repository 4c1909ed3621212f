type Watched = "importKey" | "deriveKey" | "encrypt";

/** What WebCrypto was asked to encrypt, from {@link begin} to {@link end}. */
export interface NonceWatch {
  /** How many pairs of key and nonce there were. */
  readonly seen: number;
  /** The pairs that came more than once. */
  readonly repeated: readonly string[];
  begin(): void;
  end(): void;
}

/**
 * Watches AES-GCM in WebCrypto. Two keys are the same when they were derived from the same bytes for the same purpose,
 * whatever objects they are.
 */
export function watchNonces(): NonceWatch {
  const { subtle } = crypto;
  const original = { importKey: subtle.importKey, deriveKey: subtle.deriveKey, encrypt: subtle.encrypt };
  const inputs = new WeakMap<CryptoKey, string>();
  const numbers = new Map<string, number>();
  const numberOf = new WeakMap<CryptoKey, number>();
  const pairs = new Set<string>();
  const repeated: string[] = [];
  const watched = {
    async importKey(
      format: "raw",
      bytes: Uint8Array<ArrayBuffer>,
      ...rest: [AlgorithmIdentifier, boolean, KeyUsage[]]
    ) {
      const key = await original.importKey.call(subtle, format, bytes, ...rest);
      if (format === "raw") inputs.set(key, text(bytes));
      return key;
    },
    async deriveKey(algorithm: HkdfParams, base: CryptoKey, ...rest: [AesDerivedKeyParams, boolean, KeyUsage[]]) {
      const key = await original.deriveKey.call(subtle, algorithm, base, ...rest);
      const identity = `${inputs.get(base)} ${text(algorithm.info as Uint8Array)}`;
      const number = numbers.get(identity) ?? numbers.size;
      numbers.set(identity, number);
      numberOf.set(key, number);
      return key;
    },
    encrypt(algorithm: AesGcmParams, key: CryptoKey, data: Uint8Array<ArrayBuffer>) {
      const pair = `${numberOf.get(key)} ${text(algorithm.iv as Uint8Array)}`;
      if (pairs.has(pair)) repeated.push(pair);
      pairs.add(pair);
      return original.encrypt.call(subtle, algorithm, key, data);
    },
  } satisfies Record<Watched, unknown>;
  return {
    get seen() {
      return pairs.size;
    },
    repeated,
    begin() {
      pairs.clear();
      repeated.length = 0;
      for (const [name, value] of Object.entries(watched)) {
        Object.defineProperty(subtle, name, { value, configurable: true });
      }
    },
    end() {
      for (const name of Object.keys(watched) as Watched[]) delete (subtle as Partial<SubtleCrypto>)[name];
    },
  };
}

/** The bytes as a text that can be compared. */
function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
