/** What the sheet of keyboard shortcuts says, in English. */
export const keysEn = {
  keys: {
    title: "Keyboard shortcuts",
    microphone: "Microphone on or off",
    camera: "Camera on or off",
    share: "Share or stop sharing the screen",
    chat: "Open or close the chat",
    people: "Open or close the list of people",
    react: "React",
    hand: "Raise the hand, or take it down",
    view: "Everybody alike, or the speaker large",
    "next-page": "Next page of people",
    "previous-page": "Previous page of people",
    pin: "Keep that tile large, or no longer",
    talk: "Speak while it is held",
    statistics: "Show or hide statistics",
    "full-screen": "Full screen",
    keys: "This list",
    space: "Space",
    escape: "Close what is open",
    hint: "Keys do nothing while you type.",
  },
};
