const DATABASE = "mqtt-meet.background";
const STORE = "pictures";
const KEY = "own";
/** As large as cameras are asked to be. */
const MOST_WIDTH_PX = 1280;
const MOST_HEIGHT_PX = 720;

/**
 * Keeps the picture in `file` as one's own background, in this browser only and no larger than a camera's pictures. Rejects
 * when it is no picture that the browser can read.
 */
export async function keepOwnPicture(file: Blob): Promise<void> {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, Math.max(MOST_WIDTH_PX / whole.width, MOST_HEIGHT_PX / whole.height));
  const canvas = new OffscreenCanvas(Math.round(whole.width * scale), Math.round(whole.height * scale));
  canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  // Written anew: what cameras write beside pictures (places, times) is not kept.
  const picture = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
  await withStore("readwrite", (store) => store.put(picture, KEY));
}

/** The kept picture, which the caller closes. Rejects when there is none. */
export async function ownPicture(): Promise<ImageBitmap> {
  const kept: unknown = await withStore("readonly", (store) => store.get(KEY));
  if (!(kept instanceof Blob)) throw new Error("There is no picture of one's own.");
  return createImageBitmap(kept);
}

async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await resultOf(opening);
  try {
    return await resultOf(use(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
