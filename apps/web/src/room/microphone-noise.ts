import type { NoiseChoice } from "../noise/noise-choice.ts";
import type { ProcessedTrack } from "./local-device.ts";

/** Takes noise out of a microphone, more than browsers do. */
export type DenoisePart = Pick<typeof import("../noise/open-denoised.ts"), "openDenoised">;

/** What opening a microphone without its noise needs. */
export interface QuietMicrophoneOptions {
  readonly choice: NoiseChoice;
  /** Opens the device. `noiseSuppression`: the browser's. */
  readonly open: (options: { readonly noiseSuppression: boolean }) => Promise<MediaStreamTrack>;
  readonly load: () => Promise<DenoisePart>;
  /** What was chosen does not begin here, and the browser's is taken instead. */
  readonly onFallBack: () => void;
}

/** Opens a microphone as `choice` says. Never two suppressors at once: the second hears what the first has bent. */
export async function openQuietMicrophone(options: QuietMicrophoneOptions): Promise<MediaStreamTrack | ProcessedTrack> {
  const { choice, open, load, onFallBack } = options;
  if (choice !== "strong") return open({ noiseSuppression: choice === "browser" });
  const microphone = await open({ noiseSuppression: false });
  try {
    const { openDenoised } = await load();
    return await openDenoised(microphone);
  } catch {
    microphone.stop();
    onFallBack();
    return open({ noiseSuppression: true });
  }
}
