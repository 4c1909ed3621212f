import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import { signal } from "@preact/signals";
import { en } from "../language/en.ts";
import { MeetingView } from "../meeting/meeting-view.tsx";
import { Notices } from "../notices.ts";
import { LocalDevice } from "../room/local-device.ts";
import { Meeting } from "../room/meeting.ts";
import type { VisitPorts } from "../room/visit.ts";

/** A track of a canvas, as a camera would give it. */
export async function fakeCamera(): Promise<MediaStreamTrack> {
  const canvas = document.createElement("canvas");
  canvas.width = 64;
  canvas.height = 36;
  canvas.getContext("2d")?.fillRect(0, 0, 64, 36);
  const [track] = canvas.captureStream(5).getVideoTracks();
  if (!track) throw new Error("A canvas gives no track.");
  return track;
}

/** A track of silence. */
export async function fakeSilence(): Promise<MediaStreamTrack> {
  const [track] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
  if (!track) throw new Error("No track of sound.");
  return track;
}

/** The outside of a visit: made-up devices, and `room` for every link. */
export function fakePorts(room: BrowserRoom, part: Partial<VisitPorts> = {}): VisitPorts {
  return {
    loadMeeting: async () => ({
      MeetingView,
      lookInside: (_link, { onPeople }) => onPeople(room.participants.peek()),
      prepareRoom: () => ({ join: async () => room, close: () => undefined }),
      enterMeeting: async (_link, options) => new Meeting({ ...options, ownName: options.name, room }),
    }),
    openCamera: fakeCamera,
    loadBackground: () => Promise.reject(new Error("A made-up camera has no background.")),
    loadDenoise: () => Promise.reject(new Error("A made-up microphone has no noise.")),
    openMicrophone: fakeSilence,
    ...part,
  };
}

/** A meeting in `room`, with devices that are off. */
export function fakeMeeting(room: BrowserRoom, options: { readonly nowMs?: () => number } = {}) {
  const notices = new Notices();
  const camera = new LocalDevice({ kind: "camera", deviceId: "", open: fakeCamera });
  const microphone = new LocalDevice({ kind: "microphone", deviceId: "", open: fakeSilence });
  const { nowMs = Date.now } = options;
  const meeting = new Meeting({ room, ownName: "Me", camera, microphone, notices, text: signal(en), nowMs });
  return { meeting, notices, camera, microphone };
}
