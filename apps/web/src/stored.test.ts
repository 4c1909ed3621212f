import { expect, test } from "vitest";
import { RecentNames } from "./recent-names.ts";
import { Settings, type SmallStorage } from "./settings.ts";

function fakeStorage(texts: Record<string, string> = {}): SmallStorage & { texts: Record<string, string> } {
  return {
    texts,
    getItem: (key) => texts[key] ?? null,
    setItem: (key, value) => {
      texts[key] = value;
    },
  };
}

const broken: SmallStorage = {
  getItem: () => {
    throw new Error("forbidden");
  },
  setItem: () => {
    throw new Error("full");
  },
};

test("Settings are there again after a reload", () => {
  const storage = fakeStorage();
  new Settings(storage).update({ name: "Ada", theme: "dark", cameraOn: false });
  expect(new Settings(storage).values.value).toMatchObject({ name: "Ada", theme: "dark", cameraOn: false });
});

test.each(["", "null", "[1]", '{"name":7,"theme":"pink","language":"zh"', '{"name":7,"theme":"pink"}'])(
  "Settings survive the stored text %j",
  (text) => {
    const settings = new Settings(fakeStorage({ "mqtt-meet.settings": text }));
    expect(settings.values.value).toMatchObject({ name: "", theme: "auto", language: "auto", showFrameRate: true });
  },
);

test("Settings and RecentNames work where nothing may be stored", () => {
  for (const storage of [broken, undefined]) {
    const settings = new Settings(storage);
    settings.update({ name: "Ada" });
    expect(settings.values.value.name).toBe("Ada");
    const recent = new RecentNames(storage, "mqtt-meet.recent");
    recent.add({ name: "yard", atMs: 1 });
    expect(recent.entries.value).toHaveLength(1);
  }
});

test("RecentNames keeps the last five, each once, and nothing but name and time", () => {
  const storage = fakeStorage();
  const recent = new RecentNames(storage, "mqtt-meet.recent");
  for (let index = 0; index < 9; index++) {
    const meeting = { name: `room${index % 7}`, atMs: index, link: "https://example.org/r/x#1.secret" };
    recent.add(meeting);
  }
  expect(recent.entries.value.map((entry) => entry.name)).toEqual(["room1", "room0", "room6", "room5", "room4"]);
  expect(JSON.stringify(storage.texts)).not.toContain("secret");
  expect(new RecentNames(storage, "mqtt-meet.recent").entries.value).toEqual(recent.entries.value);
  recent.forget();
  expect(new RecentNames(storage, "mqtt-meet.recent").entries.value).toEqual([]);
});
