import type { CameraTopicProblem } from "@mqtt-meet/sdk";

const problems: Readonly<Record<CameraTopicProblem, string>> = {
  "topic-missing": "Type a topic, or an address that ends with one.",
  "topic-malformed": "That is not a single topic: leave out + and #.",
  "topic-reserved": "Topics that begin with mm/ or $ are no cameras: a meeting is joined with its link.",
  "no-web-socket":
    "A browser reaches brokers by WebSocket only: type the topic alone, or an address with ws:// or wss://.",
  "address-malformed": "That is not an address: one looks like wss://host/some/topic.",
  "mixed-content": "This page came by https, so the browser opens no ws:// address: use wss://, if the broker has it.",
  "other-broker":
    "This page may reach its own server's broker only; whoever runs the server can allow another one with --camera-broker.",
  "site-unreachable": "The server of this page does not answer.",
  unreachable: "The broker cannot be reached. Trying again …",
  lost: "The connection was lost. Trying again …",
  "account-needed": "The broker wants a user name and a password.",
  "account-wrong": "The broker does not accept this user name and password.",
  "not-permitted": "The broker does not permit this topic.",
  refused: "The broker has ended the connection.",
  "worker-failed": "A part of the page could not be started. Reload it.",
};

/** What the page says about camera topics, in English. */
export const camerasEn = {
  cameras: {
    title: "Cameras",
    intro:
      "Any topic that carries JPEG pictures is a camera: of a script, of Home Assistant, of an ESP32. A topic alone is one of this page's broker.",
    label: "Camera topic",
    placeholder: "some/topic or wss://host/some/topic",
    username: "User name",
    password: "Password",
    accountHint: "Both are kept in this page's memory only, until it is closed.",
    useAccount: "With a user name and a password",
    enterAccount: "Enter them",
    watch: "Watch",
    addAnother: "Add a camera",
    tooMany: (most: number) => `The page shows ${most} cameras at most.`,
    already: "This camera is shown already.",
    recent: "Watched recently",
    list: "Cameras that are watched",
    connecting: "Connecting …",
    waiting: (topic: string) => `Waiting for the first picture from ${topic}.`,
    notJpeg: (topic: string, messages: number) =>
      messages === 1
        ? `A message came from ${topic}, and it is not a JPEG picture.`
        : `${messages} messages came from ${topic}, and none is a JPEG picture.`,
    lastPicture: (ago: string) => `Last picture ${ago} ago`,
    figures: "Statistics",
    snapshot: "Save as a picture",
    fullScreen: "Fill the screen",
    remove: "Remove this camera",
    ofCamera: (what: string, topic: string) => `${what}: ${topic}`,
    shown: "pictures",
    notPictures: "no JPEG",
    damaged: "damaged",
    skipped: "left out",
    problems,
  },
};
