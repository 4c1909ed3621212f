/** A database of the browser with a single store. */
export interface KeptStoreOptions {
  readonly database: string;
  readonly store: string;
  /** Called once, when the database is made. */
  readonly create: (database: IDBDatabase) => void;
}

/** What this browser keeps for this site beyond settings. Open only while it is used. */
export class KeptStore {
  readonly #options: KeptStoreOptions;

  constructor(options: KeptStoreOptions) {
    this.#options = options;
  }

  /** Resolves with the result of one request; rejects where the browser keeps nothing. */
  async use<T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const { database: name, store, create } = this.#options;
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => create(opening.result);
    const database = await resultOf(opening);
    try {
      return await resultOf(request(database.transaction(store, mode).objectStore(store)));
    } finally {
      database.close();
    }
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
