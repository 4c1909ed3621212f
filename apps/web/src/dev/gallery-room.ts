import type { ChatMessage, Participant, RemoteTrack } from "@mqtt-meet/sdk/browser";
import { drawScene, SCENE_SIZE, type Scene } from "./draw-scene.ts";
import { FakeRoom, fakeParticipant, fakeStatistics } from "./fake-room.ts";

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
  room.messages.value = chat(options.chinese);
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

/** Files of people who are there, and of one who left. */
export function showFiles(room: FakeRoom): void {
  const offers: readonly (readonly [string, string, number])[] = [
    ["p0", "drawing 42.pdf", 2_340_000],
    ["ownPeer", "Agenda.odt", 48_200],
    ["p1", "Protokoll der Begehung vom 12. März mit allen Anlagen und Fotos.docx", 18_400_000],
    ["gone", "会议纪要.docx", 91_000],
  ];
  const lines = offers.map(([from, name, sizeBytes], index): ChatMessage => {
    const whose = { from, name: room.participants.peek().find(({ peer }) => peer === from)?.name ?? "Tom" };
    const sentAtMs = Date.now() - (offers.length - index) * 1_000;
    return { id: `f${index}`, ...whose, own: from === room.peer, sentAtMs, text: name, file: { name, sizeBytes } };
  });
  room.messages.value = [...room.messages.peek(), ...lines];
  room.downloads.value = new Map([["f2", 7_100_000]]);
}

/** Two who speak, one after the other. */
export function showCaptions(room: FakeRoom, { chinese }: { readonly chinese: boolean }): void {
  const [first, second] = chinese
    ? ["左边的灯好像坏了，我让小李去看看。", "好的，那我们先看图纸，第三页上有"]
    : ["The left lamp looks broken, I am sending somebody to have a look at it.", "Fine, then let us begin with"];
  const [a, b] = room.participants.peek();
  const usual = { number: 1, atMs: Date.now() };
  room.captions.value = [
    { ...usual, from: "p0", name: a?.name ?? "", text: first ?? "" },
    { ...usual, from: "p1", name: b?.name ?? "", text: second ?? "" },
  ];
}

/** Two questions, one of them answered by all. */
export function showPolls(room: FakeRoom, { chinese }: { readonly chinese: boolean }): void {
  const [closed, open, name] = chinese
    ? (["这个时间合适吗？|合适|改天", "下次会议定在哪天？|星期二上午|星期三下午|星期四上午", "林美"] as const)
    : ([
        "Is this a good time?|Yes|Another day",
        "When do we meet next?|Tuesday morning|Wednesday afternoon|Thursday morning",
        "Mei Lin",
      ] as const);
  const [first = "", ...firstAnswers] = closed.split("|");
  const [second = "", ...secondAnswers] = open.split("|");
  const votes = [1, 4, 2];
  const options = (answers: readonly string[]) => answers.map((text, index) => ({ text, votes: votes[index] ?? 0 }));
  room.showPoll({ id: "p0/a", name, question: first, options: options(firstAnswers), closed: true, ownChoice: 1 });
  room.showPoll({ id: "p0/b", name, question: second, options: options(secondAnswers), ownChoice: 1 });
}

function chat(chinese: boolean): ChatMessage[] {
  const lines: [string, string, number, string][] = chinese
    ? [
        ["p0", "林美", 9, "大家好，能看到工作台吗？"],
        ["p0", "林美", 9, "图纸在这里：https://example.org/drawings/42"],
        ["ownPeer", "我", 7, "看得很清楚。延迟几乎没有。"],
        ["p1", "王小明", 4, "左边的灯好像坏了，我让小李去看看。\n十分钟后回来。"],
        ["p0", "林美", 1, "好的，谢谢！"],
      ]
    : [
        ["p0", "Mei Lin", 9, "Morning! Can you all see the bench?"],
        ["p0", "Mei Lin", 9, "The drawing is here: https://example.org/drawings/42"],
        ["ownPeer", "Me", 7, "Very clear. And hardly any delay."],
        ["p1", "Jonas", 4, "The left lamp looks broken, I am sending somebody.\nBack in ten minutes."],
        ["p0", "Mei Lin", 1, "Good, thank you."],
      ];
  return lines.map(([from, name, minutes, text], index) => ({
    id: `g${index}`,
    from,
    name,
    own: from === "ownPeer",
    sentAtMs: NOW - minutes * 60_000,
    text,
  }));
}
