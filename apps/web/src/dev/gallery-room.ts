import type { Participant, RemoteTrack } from "@mqtt-meet/sdk/browser";
import { drawScene, SCENE_SIZE, type Scene } from "./draw-scene.ts";
import { FakeRoom, fakeParticipant, fakeStatistics } from "./fake-room.ts";
import { galleryChat } from "./gallery-words.ts";

const NAMES = [
  "Mei Lin",
  "Jonas",
  "Workshop camera",
  "Amara Okafor",
  "Søren",
  "Priya N.",
  "王小明",
  "Lucía",
  "Tom",
  "Ada",
  "Femi",
  "Yuki",
  "Chloé",
  "Dmitri",
  "Nora",
  "李雷",
];
const CHINESE_NAMES = [
  "林美",
  "王小明",
  "车间摄像头",
  "李雷",
  "韩梅梅",
  "张伟",
  "陈晨",
  "赵敏",
  "孙悦",
  "周杰",
  "吴桐",
  "郑爽",
  "冯远",
  "何平",
  "吕岩",
  "许诺",
];
const LONG = "Maximiliane von Hohenstein-Wittgenstein, Abteilung Qualitätssicherung";
const NOW = Date.now();

/** A room with `people` others. */
export function galleryRoom(options: {
  people: number;
  sharing: boolean;
  longNames: boolean;
  chinese: boolean;
}): FakeRoom {
  const name = "amber-otter-lantern";
  const room = new FakeRoom({
    name,
    link: `https://meet.example/r/${name}#1.wQ3v0d8mJ2yB7n5RkX1aTzLh6Gc9PeUfSi4oVqYtKb0`,
  });
  room.participants.value = Array.from({ length: options.people }, (_, index) => somebody(index, options));
  const videos = room.participants.value.flatMap((participant) =>
    participant.tracks.filter((track) => track.kind === "video"),
  );
  const rates = [30, 30, 25, 30, 29, 30, 15, 30];
  room.statistics.value = {
    tracks: new Map([
      ...videos.map((track, index) => [track.key, fakeStatistics({ fps: rates[index % 8] ?? 30 })] as const),
      [`${room.peer}/camera`, fakeStatistics({ direction: "out", latencyMs: null })] as const,
    ]),
    quality: new Map(videos.map(({ peer }) => [peer, { score: 4.3, level: "good", limitedBy: "none" }])),
    roundTripMs: 3.4,
    malformedMessages: 0,
  };
  room.levels.value = new Map([["p1", 0.6]]);
  room.messages.value = galleryChat({ chinese: options.chinese, nowMs: NOW });
  room.draw = (key, element) => drawPicture(room, { key, element });
  return room;
}

function somebody(index: number, options: { sharing: boolean; longNames: boolean; chinese: boolean }): Participant {
  const names = options.chinese ? CHINESE_NAMES : NAMES;
  const name = options.longNames && index % 2 === 0 ? LONG : (names[index % names.length] ?? "Guest");
  const isCamera = index === 2;
  const sources: (readonly [RemoteTrack["source"], boolean])[] = [["camera", index % 5 === 4]];
  if (!isCamera) sources.push(["microphone", index % 3 === 2]);
  if (options.sharing && index === 0) sources.push(["screen", false]);
  const status = index === 7 ? "reconnecting" : "live";
  return fakeParticipant(`p${index}`, {
    name,
    kind: isCamera ? "camera" : "person",
    status,
    handAtMs: index === 3 ? NOW : undefined,
    sources,
  });
}

function drawPicture(
  room: FakeRoom,
  { key, element }: { key: string; element: HTMLVideoElement | HTMLCanvasElement },
): () => void {
  if (!(element instanceof HTMLVideoElement)) return () => undefined;
  const number = room.participants.peek().findIndex((participant) => key.startsWith(`${participant.peer}/`));
  element.srcObject = new MediaStream([sceneTrack(sceneOf(key, number))]);
  void element.play();
  return () => {
    element.srcObject = null;
  };
}

function sceneOf(key: string, number: number): Scene {
  if (key.endsWith("/screen")) return { kind: "slides" };
  return number === 2 ? { kind: "bench" } : { kind: "person", number: number + 1 };
}

/** A drawing as a camera. */
export function sceneTrack(scene: Scene): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = SCENE_SIZE.width;
  canvas.height = SCENE_SIZE.height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("A canvas gives no context.");
  const paint = () => drawScene(context, scene);
  paint();
  setInterval(paint, 500);
  const [track] = canvas.captureStream(2).getVideoTracks();
  if (!track) throw new Error("A canvas gives no track.");
  return track;
}

/** A microphone that hums. */
export async function fakeMicrophone(): Promise<MediaStreamTrack> {
  const context = new AudioContext();
  const destination = context.createMediaStreamDestination();
  const hum = new OscillatorNode(context, { frequency: 180 });
  const volume = new GainNode(context, { gain: 0.3 });
  hum.connect(volume).connect(destination);
  hum.start();
  const [track] = destination.stream.getAudioTracks();
  if (!track) throw new Error("No track of sound.");
  return track;
}

/** Twice as many as a plot holds: the first may come before the tiles are there. */
const PLOTTED = 60;

/** A minute of figures, one with every frame that is drawn; `document.documentElement` says meanwhile that it is not done. */
export async function liveFor({ statistics }: FakeRoom): Promise<void> {
  document.documentElement.dataset["unfinished"] = "";
  const steady = statistics.peek();
  for (let second = 0; second < PLOTTED; second++) {
    const tracks = [...steady.tracks].map(([key, of], index) => {
      const wave = Math.sin(second / 3 + index) + Math.sin(second * 1.7 + index * 2) / 2;
      const latencyMs = of.latencyMs && { ...of.latencyMs, p50: 18.4 + wave * 2.5 };
      return [key, { ...of, fps: of.fps + Math.round(wave / 2), kbps: 1432 + wave * 180, latencyMs }] as const;
    });
    statistics.value = { ...steady, tracks: new Map(tracks) };
    await new Promise(requestAnimationFrame);
  }
  delete document.documentElement.dataset["unfinished"];
}

/** The devices of a usual laptop with something plugged in. */
export function plugIn(): void {
  const devices = [
    ["videoinput", "Integrated camera"],
    ["videoinput", "Document camera"],
    ["audioinput", "Internal microphone"],
    ["audioinput", "USB headset"],
    ["audiooutput", "Internal speakers"],
    ["audiooutput", "USB headset"],
  ].map(([kind, label], index) => ({ kind, label, deviceId: `device-${index}`, groupId: `${index}` }));
  Object.defineProperty(navigator.mediaDevices, "enumerateDevices", { value: async () => devices });
}

/** `track`, which says that it comes from one of the devices of {@link plugIn}. */
export function asDevice(deviceId: string, track: MediaStreamTrack): MediaStreamTrack {
  const settings = track.getSettings();
  Object.defineProperty(track, "getSettings", { value: () => ({ ...settings, deviceId }) });
  return track;
}
