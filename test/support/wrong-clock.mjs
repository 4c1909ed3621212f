// Loaded into a program before its own code: its clocks are wrong. MQTT_MEET_CLOCK holds, with commas between: by how many ms they
// are ahead; by how many millionths they are fast; after how many seconds the time of day jumps, and by how many ms.
const [aheadMs = 0, ppm = 0, jumpAfterS = Number.POSITIVE_INFINITY, jumpMs = 0] = (process.env.MQTT_MEET_CLOCK ?? "0")
  .split(",")
  .map(Number);
const right = performance.now.bind(performance);
const [beganMs, dayMs] = [right(), Date.now()];
const passedMs = () => (right() - beganMs) * (1 + ppm / 1e6);

Object.defineProperty(performance, "timeOrigin", { value: performance.timeOrigin + aheadMs });
Object.defineProperty(performance, "now", { value: () => beganMs + passedMs() });
Date.now = () => Math.floor(dayMs + aheadMs + passedMs() + (passedMs() > jumpAfterS * 1000 ? jumpMs : 0));
