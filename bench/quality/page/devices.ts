import { StampedCamera } from "../../latency/page/camera.ts";
import type { Sending } from "./contender.ts";
import { openStampedSound } from "./stamped-sound.ts";

/** What a camera and a microphone are to be. */
export interface DeviceOptions extends Omit<Sending, "picture" | "sound"> {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A camera and a microphone of the files that the bench has given the page. */
export async function openDevices(
  options: DeviceOptions,
): Promise<{ sending: Sending; stamped: StampedCamera; microphone: MediaStreamTrack }> {
  const [pictures, sound] = [...(document.querySelector("input")?.files ?? [])];
  if (!pictures || !sound) throw new Error("The page was given no clip.");
  const stamped = new StampedCamera(await readPictures(pictures, options), options);
  const microphone = await openStampedSound(sound);
  const { codec, bitrateBps, fps } = options;
  return { sending: { picture: stamped.track, sound: microphone, codec, bitrateBps, fps }, stamped, microphone };
}

/** Planes Y, U, V of 4:2:0, one picture after the other. */
async function readPictures(file: File, { widthPx, heightPx }: DeviceOptions): Promise<Uint8Array[]> {
  const all = new Uint8Array(await file.arrayBuffer());
  const sizeBytes = (widthPx * heightPx * 3) / 2;
  return Array.from({ length: Math.floor(all.length / sizeBytes) }, (_, i) =>
    all.subarray(i * sizeBytes, (i + 1) * sizeBytes),
  );
}
