// Which views are pictured, at which sizes: a query of the gallery (apps/web/src/dev/gallery.tsx) for each.

export const SIZES = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
  sideways: { width: 844, height: 390 },
};

const isPhone = (size) => size === "phone" || size === "sideways";

function shot(name, size, query, more) {
  return { name: `${name}-${size}`, size, query, touch: isPhone(size), ...more };
}

/** The pictures of docs/pictures: of meetings with 1, 2 and 9 people, the own person among them. */
export function keptShots() {
  const views = [
    ["home", "view=home&recent&theme=light"],
    ["lobby", "view=lobby&theme=light"],
    ["meeting-1", "view=meeting&people=0&silent&theme=light"],
    ["meeting-2", "view=meeting&people=1&theme=dark"],
    ["meeting-9", "view=meeting&people=8&theme=dark"],
    ["chat", "view=meeting&people=4&sharing&panel=chat&theme=light"],
  ];
  const sizes = ["desktop", "tablet", "phone"];
  const kept = views.flatMap(([name, query]) => sizes.map((size) => shot(name, size, query)));
  return kept.concat([
    shot("home-dark-zh", "desktop", "view=home&recent&theme=dark&language=zh"),
    shot("lobby-dark-zh", "phone", "view=lobby&theme=dark&language=zh"),
    shot("meeting-9-light", "desktop", "view=meeting&people=8&theme=light"),
    shot("chat-zh", "desktop", "view=meeting&people=4&panel=chat&theme=light&language=zh"),
    shot("chat-dark-zh", "phone", "view=meeting&people=4&panel=chat&theme=dark&language=zh"),
  ]);
}

/** Everything that is worth a look. */
export function allShots() {
  const sizes = Object.keys(SIZES);
  const views = [
    ["home", "view=home&recent&theme=light"],
    ["home-dark-zh", "view=home&theme=dark&language=zh"],
    ["lobby", "view=lobby&theme=light"],
    ["lobby-inside", "view=lobby&people=7&theme=light"],
    ["lobby-inside-zh", "view=lobby&people=3&theme=dark&language=zh"],
    ["lobby-denied", "view=lobby&denied&theme=dark"],
    ["lobby-nodevice-zh", "view=lobby&missing&nameless&theme=light&language=zh"],
    ["left", "view=left&people=3&theme=light"],
    ["alone", "view=meeting&people=0&theme=light"],
    ...[1, 2, 5, 9, 16, 25].map((people) => [`people${people}`, `view=meeting&people=${people}&theme=dark`]),
    ["lost", "view=meeting&people=3&lost&notice&theme=light"],
    ["weak", "view=meeting&people=4&weak&theme=light"],
    ["weak-statistics-zh", "view=meeting&people=2&weak&statistics&theme=dark&language=zh"],
    ["chat", "view=meeting&people=4&panel=chat&theme=light"],
    ["files", "view=meeting&people=4&panel=chat&files&theme=light"],
    ["files-dark-zh", "view=meeting&people=4&panel=chat&files&theme=dark&language=zh"],
    ["host", "view=meeting&people=4&host&panel=people&theme=light", { click: "What you can ask of" }],
    ["host-end", "view=meeting&people=4&host&theme=dark", { click: "More" }],
    ["moderator-zh", "view=meeting&people=4&moderator&panel=people&theme=dark&language=zh"],
    ["viewer", "view=lobby&viewer&theme=light"],
    ["viewer-meeting", "view=meeting&people=4&viewer&panel=settings&theme=light"],
    ["captions", "view=meeting&people=5&captions&theme=light"],
    ["captions-zh", "view=meeting&people=2&captions&theme=dark&language=zh"],
    ["chat-empty", "view=meeting&people=1&panel=chat&silent&theme=dark&language=zh"],
    ["people-panel", "view=meeting&people=9&panel=people&theme=dark"],
    ["settings", "view=meeting&people=2&panel=settings&theme=light"],
    ["long", "view=meeting&people=4&long&panel=people&theme=light"],
    ["sharing", "view=meeting&people=6&sharing&theme=dark"],
    ["reactions", "view=meeting&people=4&reactions&theme=light"],
    ["polls", "view=meeting&people=4&panel=polls&polls&theme=dark"],
    ["invite", "view=meeting&people=4&panel=invite&theme=light"],
    ["chat-trouble", "view=meeting&people=3&panel=chat&troubled&theme=light"],
    ["statistics", "view=meeting&people=3&statistics&theme=dark"],
  ];
  const shots = views.flatMap(([name, query, more]) => sizes.map((size) => shot(name, size, query, more)));
  return shots.concat([
    shot("reaction-row", "desktop", "view=meeting&people=2&theme=dark", { before: ["r"] }),
    shot("keys", "desktop", "view=meeting&people=2&theme=light", { before: ["?"] }),
    shot("forced", "desktop", "view=meeting&people=3&panel=chat&theme=light", { forced: true }),
  ]);
}
