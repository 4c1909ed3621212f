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

/** Every view once; the people of a meeting are counted with ourselves. */
const VIEWS = [
  ["home", "view=home&recent&theme=light"],
  ["cameras", "view=cameras&cameras=4&theme=dark"],
  ["lobby", "view=lobby&people=3&theme=light"],
  ["error", "view=failure&problem=secret-damaged&theme=light"],
  ["ended", "view=left&people=3&failure=ended&theme=light"],
  ["meeting-1", "view=meeting&people=0&silent&theme=light"],
  ["meeting-2", "view=meeting&people=1&theme=dark"],
  ["meeting-9", "view=meeting&people=8&theme=dark"],
  ["meeting-16", "view=meeting&people=15&theme=dark"],
  ["sharing", "view=meeting&people=6&sharing&theme=dark"],
  ["lost", "view=meeting&people=3&lost&notice&theme=light"],
  ["statistics", "view=meeting&people=3&statistics&theme=dark"],
  ["captions", "view=meeting&people=5&captions&theme=light"],
  ["chat", "view=meeting&people=4&sharing&panel=chat&theme=light"],
  ["files", "view=meeting&people=4&panel=chat&files&theme=light"],
  ["people", "view=meeting&people=9&panel=people&theme=light"],
  ["host", "view=meeting&people=4&host&panel=people&theme=light", { press: ["What you can ask of Mei"] }],
  ["door", "view=door&people=3&theme=light"],
  ["knock", "view=meeting&people=5&moderator&knocks=1&theme=dark"],
  [
    "moderator",
    "view=meeting&people=4&moderator&knocks=2&locked&panel=people&theme=light",
    { press: ["Lock, waiting room"] },
  ],
  ["held", "view=meeting&people=4&held&locked&theme=light"],
  ["polls", "view=meeting&people=4&panel=polls&polls&theme=dark"],
  ["invite", "view=meeting&people=4&panel=invite&theme=light"],
  ["settings", "view=meeting&people=2&panel=settings&theme=light"],
  ["backgrounds", "view=lobby&people=3&theme=light", { press: ["Choose a camera"] }],
  ["more", "view=meeting&people=4&host&theme=dark", { press: ["More"] }],
];

/** In the other language and by night: one picture each, of the widest or the narrowest size. */
const CHINESE_NIGHT = [
  ["home", "desktop", "view=home&recent"],
  ["lobby", "phone", "view=lobby&people=3"],
  ["sharing", "tablet", "view=meeting&people=6&sharing"],
  ["chat", "phone", "view=meeting&people=4&panel=chat"],
  ["people", "desktop", "view=meeting&people=9&panel=people"],
  ["host", "phone", "view=meeting&people=4&host&panel=people", { press: ["主持人可对林美"] }],
  ["door", "phone", "view=door&locked"],
  ["moderator", "phone", "view=meeting&people=4&moderator&knocks=2&panel=people"],
  ["polls", "phone", "view=meeting&people=4&panel=polls&polls"],
  ["settings", "desktop", "view=meeting&people=2&panel=settings"],
  ["ended", "phone", "view=left&people=3&failure=ended"],
];

/** The pictures of docs/pictures. */
export function keptShots() {
  const sizes = ["desktop", "tablet", "phone"];
  return VIEWS.flatMap(([name, query, more]) => sizes.map((size) => shot(name, size, query, more))).concat(
    CHINESE_NIGHT.map(([name, size, query, more]) =>
      shot(`${name}-dark-zh`, size, `${query}&theme=dark&language=zh`, more),
    ),
    [
      shot("meeting-9-light", "desktop", "view=meeting&people=8&theme=light"),
      shot("chat-zh", "desktop", "view=meeting&people=4&panel=chat&theme=light&language=zh"),
    ],
  );
}

/** Everything that is worth a look. */
export function allShots() {
  const sizes = Object.keys(SIZES);
  const views = VIEWS.concat([
    ["home-dark-zh", "view=home&theme=dark&language=zh"],
    ["camera", "view=cameras&cameras=1&theme=dark"],
    ["cameras-first", "view=cameras&recent&theme=light"],
    ["cameras-zh", "view=cameras&cameras=3&theme=light&language=zh"],
    ["lobby-alone", "view=lobby&theme=light"],
    ["lobby-inside-zh", "view=lobby&people=7&theme=dark&language=zh"],
    ["lobby-denied", "view=lobby&denied&theme=dark"],
    ["lobby-nodevice-zh", "view=lobby&missing&nameless&theme=light&language=zh"],
    ["left", "view=left&people=3&theme=light"],
    ...[2, 5, 25].map((people) => [`people-${people}`, `view=meeting&people=${people}&theme=dark`]),
    ["weak", "view=meeting&people=4&weak&theme=light"],
    ["weak-statistics-zh", "view=meeting&people=2&weak&statistics&theme=dark&language=zh"],
    ["files-dark-zh", "view=meeting&people=4&panel=chat&files&theme=dark&language=zh"],
    ["moderator-zh", "view=meeting&people=4&moderator&knocks=3&locked&panel=people&theme=dark&language=zh"],
    [
      "moderator-menu",
      "view=meeting&people=4&moderator&panel=people&theme=dark",
      { press: ["What you decide for Jonas"] },
    ],
    ["door-locked-zh", "view=door&locked&theme=dark&language=zh"],
    ["knocks", "view=meeting&people=3&moderator&knocks=3&theme=light"],
    ["held-dark-zh", "view=meeting&people=4&held&locked&panel=people&theme=dark&language=zh"],
    ["viewer", "view=lobby&viewer&theme=light"],
    ["viewer-meeting", "view=meeting&people=4&viewer&panel=settings&theme=light"],
    ["captions-zh", "view=meeting&people=2&captions&theme=dark&language=zh"],
    ["chat-empty-zh", "view=meeting&people=1&panel=chat&silent&theme=dark&language=zh"],
    ["long", "view=meeting&people=4&long&panel=people&theme=light"],
    ["reactions", "view=meeting&people=4&reactions&theme=light"],
    ["chat-trouble", "view=meeting&people=3&panel=chat&troubled&theme=light"],
  ]);
  const shots = views.flatMap(([name, query, more]) => sizes.map((size) => shot(name, size, query, more)));
  return shots.concat([
    shot("reaction-row", "desktop", "view=meeting&people=2&theme=dark", { keys: ["r"] }),
    shot("keys", "desktop", "view=meeting&people=2&theme=light", { keys: ["?"] }),
    shot("forced", "desktop", "view=meeting&people=3&panel=chat&theme=light", { forced: true }),
  ]);
}
