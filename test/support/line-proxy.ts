import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How often a narrow line lets bytes through. */
const TICK_MS = 50;

/** A line between clients and a port of this machine that can be disturbed. Disposing of it ends it. */
export interface LineProxy extends AsyncDisposable {
  readonly port: number;
  /** How many connections it has now, and has had. */
  readonly connections: { readonly open: number; readonly ever: number };
  /** Nothing passes, either way, and nobody is told: as when a cable is pulled. What was sent comes when {@link release} is called. */
  hold(): void;
  release(): void;
  /** As {@link hold} for the connections that are there now, for good; later ones are not concerned. */
  forsake(): void;
  /** Ends all connections at once with RST; new ones are taken. */
  reset(): void;
  /** As {@link reset}, and each new connection meets the same until {@link mend} is called. */
  cut(): void;
  mend(): void;
  /** Lets so many bytes a second through to all clients together, and buffers none. */
  narrow(bytesPerS: number): void;
}

/** One client and its way on. */
interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  forsaken: boolean;
}

/** Opens a line to `port`. */
export async function lineProxy(port: number): Promise<LineProxy> {
  const pairs = new Set<Pair>();
  const state = { held: false, cut: false, bytesPerS: Number.POSITIVE_INFINITY, ever: 0 };
  const flow = () => {
    for (const pair of pairs) pass(pair, { open: !state.held && !pair.forsaken, narrow: state.bytesPerS < Infinity });
  };
  const reset = () => {
    for (const { near, far } of pairs) for (const socket of [near, far]) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    if (state.cut) {
      near.on("error", () => {}); // nobody is told but the other side
      near.resetAndDestroy();
      return;
    }
    const pair: Pair = { near, far: connect(port, "127.0.0.1"), forsaken: false };
    state.ever++;
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
    flow();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // A narrow line takes what it may take of each broker's socket, and leaves the rest there.
  const ticking = setInterval(() => {
    if (state.held || state.bytesPerS === Infinity) return;
    let left = Math.round((state.bytesPerS * TICK_MS) / 1000);
    for (const pair of pairs) if (!pair.forsaken) left -= passSome(pair, left);
  }, TICK_MS);
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return { open: pairs.size, ever: state.ever };
    },
    hold: () => {
      state.held = true;
      flow();
    },
    release: () => {
      state.held = false;
      flow();
    },
    forsake: () => {
      for (const pair of pairs) pair.forsaken = true;
      flow();
    },
    reset,
    cut: () => {
      state.cut = true;
      reset();
    },
    mend: () => {
      state.cut = false;
    },
    narrow: (bytesPerS) => {
      state.bytesPerS = bytesPerS;
      flow();
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(ticking);
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.destroy();
      server.close();
    },
  };
}

function join({ near, far }: Pair, onEnd: () => void): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    socket.setNoDelay(true);
    socket.on("error", () => {}); // said by its close
    socket.on("data", (chunk: Buffer) => other.write(chunk));
    socket.on("close", () => {
      other.destroy();
      onEnd();
    });
  }
}

function pass({ near, far }: Pair, how: { readonly open: boolean; readonly narrow: boolean }): void {
  if (how.open) near.resume();
  else near.pause();
  if (how.open && !how.narrow) far.resume();
  else far.pause();
}

/** Lets at most so many bytes come from the broker's side, as its "data". Returns how many they were. */
function passSome({ far }: Pair, bytes: number): number {
  if (bytes <= 0) return 0;
  const chunk: Buffer | null = far.read(Math.min(bytes, far.readableLength));
  return chunk?.length ?? 0;
}
