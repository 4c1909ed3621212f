import { KeptStore } from "../kept-store.ts";

const PICTURES = new KeptStore({
  database: "mqtt-meet.background",
  store: "pictures",
  create: (database) => database.createObjectStore("pictures"),
});
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
  await PICTURES.use("readwrite", (store) => store.put(picture, KEY));
}

/** The kept picture, which the caller closes. Rejects when there is none. */
export async function ownPicture(): Promise<ImageBitmap> {
  const kept: unknown = await PICTURES.use("readonly", (store) => store.get(KEY));
  if (!(kept instanceof Blob)) throw new Error("There is no picture of one's own.");
  return createImageBitmap(kept);
}
