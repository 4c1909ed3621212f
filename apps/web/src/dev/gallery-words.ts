import type { ChatMessage } from "@mqtt-meet/sdk/browser";
import type { FakeRoom } from "./fake-room.ts";

/** What was written so far. */
export function galleryChat({ chinese, nowMs }: { readonly chinese: boolean; readonly nowMs: number }): ChatMessage[] {
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
    sentAtMs: nowMs - minutes * 60_000,
    text,
  }));
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
