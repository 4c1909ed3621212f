/** One size in which a track is offered. */
export interface OfferedLayer {
  /** From 0, the smallest. */
  readonly id: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitrateBps: number;
  readonly frameRate: number;
  /** With 2, half of its pictures can be left out. */
  readonly temporalLayers: number;
}

/** What there is for all tracks together; infinite where nothing limits. */
export interface LayerBudget {
  /** What our connection carries. */
  readonly bitrateBps: number;
  /** What this machine decodes in time. */
  readonly pxPerS: number;
}

/** One video track that somebody looks at. */
export interface LayerDemand {
  readonly key: string;
  /** The smallest first; at least one. */
  readonly layers: readonly OfferedLayer[];
  /** Where it is shown, in pixels of the screen; undefined when it is wanted as large as it is. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  /** What is received now. */
  readonly current: number | undefined;
  /** Larger is served first; of the same rank, the larger size. */
  readonly rank: number;
}

/** What to receive of a track. */
export interface TakenLayer {
  readonly layer: number;
  /** Only the pictures that others need: every second one. */
  readonly half: boolean;
}

/** A picture may be enlarged by a third before it is seen. */
const BEARABLE = 0.75;
/** Cropped at its edges, a picture fills a shape that is not its own; not more of it is lost than this. */
const MAX_CROP = 4 / 3;
/** A tile that grows and shrinks a little keeps its layer. */
const HYSTERESIS = 0.15;

/** What half of the pictures take of the bits, measured (docs/decisions/0013-temporal-layers.md), and of the work. */
const HALF = { bits: 0.63, pictures: 0.5 } as const;

/** A track with what it is to get at least. */
interface Served {
  readonly demand: LayerDemand;
  readonly half: boolean;
}

/**
 * Which layer of each track to receive: the smallest that fills its place on the screen, as far as the downlink carries
 * them, and the decoders keep up. All get their smallest first, then those that matter more get better ones. Where that is too
 * much, those that matter least get half of its pictures. Those that are not in the result are
 * left out: there is not enough for them, beginning with those that matter least. The first is never left out, nor one that
 * comes in a single size: its bits are not known to be needed, and fewer frames of it are better than none. For a slow
 * machine nothing is left out: pictures of it that come too late are passed over.
 */
export function chooseLayers(demands: readonly LayerDemand[], budget: LayerBudget): ReadonlyMap<string, TakenLayer> {
  const served = affordable(lightened([...demands].sort(byImportance), budget), budget.bitrateBps);
  let leftBps = budget.bitrateBps - total(served, leastBps);
  let leftPxPerS = budget.pxPerS - total(served, leastPxPerS);
  const chosen = new Map<string, TakenLayer>();
  for (const { demand, half } of served) {
    const target = targetOf(demand);
    const [smallest] = demand.layers;
    const fits = (offered: OfferedLayer) =>
      offered.bitrateBps - (smallest?.bitrateBps ?? 0) <= leftBps && pxPerS(offered) - pxPerS(smallest) <= leftPxPerS;
    const layer = half ? smallest : (demand.layers.findLast((offered, i) => i <= target && fits(offered)) ?? smallest);
    leftBps -= (layer?.bitrateBps ?? 0) - (smallest?.bitrateBps ?? 0);
    leftPxPerS -= pxPerS(layer) - pxPerS(smallest);
    chosen.set(demand.key, { layer: layer?.id ?? 0, half });
  }
  return chosen;
}

/** What all tracks take when each has the layer that its place asks for. */
export function wantedBudget(demands: readonly LayerDemand[]): LayerBudget {
  const wanted = demands.map((demand) => demand.layers[targetOf(demand)]);
  return { bitrateBps: total(wanted, (layer) => layer?.bitrateBps ?? 0), pxPerS: total(wanted, pxPerS) };
}

/** From the one that matters least on, half of the pictures, until the smallest layers of all fit. */
function lightened(demands: readonly LayerDemand[], budget: LayerBudget): readonly Served[] {
  const served = demands.map((demand) => ({ demand, half: false }));
  for (const [i, { demand }] of [...served.entries()].reverse()) {
    if (total(served, leastBps) <= budget.bitrateBps && total(served, leastPxPerS) <= budget.pxPerS) break;
    if ((demand.layers[0]?.temporalLayers ?? 1) > 1) served[i] = { demand, half: true };
  }
  return served;
}

function affordable(served: readonly Served[], budgetBps: number): readonly Served[] {
  let leftBps = budgetBps;
  return served.filter((one, index) => {
    leftBps -= leastBps(one);
    return index === 0 || leftBps >= 0 || one.demand.layers.length === 1;
  });
}

function leastBps({ demand, half }: Served): number {
  return (demand.layers[0]?.bitrateBps ?? 0) * (half ? HALF.bits : 1);
}

function leastPxPerS({ demand, half }: Served): number {
  return pxPerS(demand.layers[0]) * (half ? HALF.pictures : 1);
}

function pxPerS(layer: OfferedLayer | undefined): number {
  return layer === undefined ? 0 : layer.widthPx * layer.heightPx * layer.frameRate;
}

function total<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0);
}

/** The index of the layer that fills the track's place. */
function targetOf(demand: LayerDemand): number {
  const { layers, size, current } = demand;
  if (size === undefined) return layers.length - 1;
  const known = layers.findIndex(({ id }) => id === current);
  const keeps =
    known >= 0 && filling(demand, size, 1 - HYSTERESIS) <= known && known <= filling(demand, size, 1 + HYSTERESIS);
  return keeps ? known : filling(demand, size, 1);
}

function filling({ layers }: LayerDemand, size: NonNullable<LayerDemand["size"]>, factor: number): number {
  const enough = layers.findIndex(({ widthPx, heightPx }) => {
    const [across, down] = [size.widthPx / widthPx, size.heightPx / heightPx];
    const enlarged = Math.min(Math.max(across, down), MAX_CROP * Math.min(across, down));
    return enlarged * BEARABLE * factor <= 1;
  });
  return enough < 0 ? layers.length - 1 : enough;
}

function byImportance(a: LayerDemand, b: LayerDemand): number {
  return b.rank - a.rank || areaOf(b) - areaOf(a) || (a.key < b.key ? -1 : 1);
}

function areaOf({ size }: LayerDemand): number {
  return size === undefined ? Number.MAX_SAFE_INTEGER : size.widthPx * size.heightPx;
}
