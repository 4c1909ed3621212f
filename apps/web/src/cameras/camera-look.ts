import type { CameraTopicFigures, CameraTopicState } from "@mqtt-meet/sdk";
import { durationText } from "../language/duration-text.ts";
import type { Dictionary } from "../language/en.ts";

/** A camera that has sent nothing for so long is shown as it last was, with a mark (docs/protocol.md, V3). */
const STALE_MS = 5_000;

/** What is said of a camera: in the middle while there is no picture, else as a mark on the picture. */
export interface CameraLook {
  readonly message: string | undefined;
  readonly mark: string | undefined;
}

/** What there is to say of the camera `topic` at `nowMs`, in the words of `text`. */
export function cameraLook(
  camera: { readonly topic: string; readonly state: CameraTopicState; readonly figures: CameraTopicFigures },
  { text, nowMs, locale }: { readonly text: Dictionary["cameras"]; readonly nowMs: number; readonly locale: string },
): CameraLook {
  const { state, figures } = camera;
  const problem = "problem" in state ? text.problems[state.problem] : undefined;
  if (figures.lastAtMs === undefined) {
    return { message: problem ?? waitingFor(camera, text), mark: undefined };
  }
  const ageMs = nowMs - figures.lastAtMs;
  const age = ageMs >= STALE_MS ? text.lastPicture(durationText(ageMs, locale)) : undefined;
  return { message: undefined, mark: problem ?? age };
}

function waitingFor({ topic, state, figures }: Parameters<typeof cameraLook>[0], text: Dictionary["cameras"]): string {
  if (state.status === "connecting") return text.connecting;
  const { notPictures, damaged } = figures;
  return notPictures + damaged > 0 ? text.notJpeg(topic, notPictures + damaged) : text.waiting(topic);
}
