import type { RecorderSource } from "../recording/recorder.ts";
import type { Meeting } from "./meeting.ts";

/** What a recording shows and lets hear of `meeting`: what everybody there sees and hears, and what we send. */
export function recorderSource(meeting: Meeting, ownName: string): RecorderSource {
  const { room, camera, microphone, screen } = meeting;
  const isOn = (device: typeof camera) => device.state.peek().status === "on";
  const ownCamera = () => (isOn(camera) ? camera.track.peek() : undefined);
  const ownScreen = () => screen.captured.peek().find(({ kind }) => kind === "video");
  const voice = () => (isOn(microphone) ? microphone.track.peek() : undefined);
  return {
    room,
    ownCamera,
    ownScreen,
    ownSound: () =>
      [voice(), ...screen.captured.peek().filter(({ kind }) => kind === "audio")].filter(
        (track) => track !== undefined,
      ),
    scene: () => ({
      participants: meeting.stage.people.peek(),
      undecryptable: meeting.stage.undecryptable.peek(),
      speaking: meeting.speaking.peek(),
      own: {
        ...{ peer: room.peer, name: ownName },
        ...{ camera: ownCamera() !== undefined, screen: ownScreen() !== undefined, microphone: isOn(microphone) },
      },
    }),
  };
}
