/** What the page says about what becomes of our own picture and sound, in English. */
export const devicesEn = {
  background: {
    title: "Background",
    none: "As it is",
    blur: "Blurred",
    hills: "Hills",
    sea: "Sea",
    wall: "Wall",
    own: "My picture",
    choosePicture: "Choose a picture …",
    unreadable: "That file is not a picture that this browser can show.",
  },
  noise: {
    title: "Noise in my microphone",
    off: "Leave it, for music",
    browser: "Less of it, by the browser",
    strong: "Much less of it, by RNNoise",
    fellBack: "RNNoise does not work here. The browser takes the noise out instead.",
  },
};
