import type { ReceiversView } from "@mqtt-meet/media";
import type { LayerReport, PeerId } from "@mqtt-meet/protocol";

/** Receivers that complain say so every second; who is silent for so long is content. */
const FRESH_MS = 2_500;

/** A queue of this is a complaint: more, and people talk at once (docs/protocol.md, R4). */
const COMPLAINT_MS = 150;

/** Nobody is believed more. */
const MAX_QUEUE_MS = 5_000;

/** As many as may watch. */
const MAX_REPORTS = 200;

interface Complaint {
  readonly queueMs: number;
  readonly receivedBps: number;
  /** Infinite where no packets are lost. */
  readonly availableBps: number;
  readonly atMs: number;
}

/**
 * What the receivers say of our pictures. One vote each: what a weak minority, or a single liar, says changes nothing for
 * the others; a weak receiver that is the only one is served as it can be.
 */
export class ReceiverReports {
  readonly #complaints = new Map<PeerId, Complaint>();

  report(from: PeerId, layers: readonly LayerReport[], nowMs: number): void {
    const queueMs = Math.min(MAX_QUEUE_MS, Math.max(0, ...layers.map((layer) => layer.queueDelayMs)));
    const receivedBps = layers.reduce((sum, layer) => sum + layer.receivedBps, 0);
    const availableBps = layers.reduce((sum, layer) => sum + (layer.availableBps ?? Number.POSITIVE_INFINITY), 0);
    this.#complaints.delete(from);
    const bounded = layers.length > 0 && availableBps < Number.POSITIVE_INFINITY;
    if (queueMs <= COMPLAINT_MS && !bounded) return;
    this.#complaints.set(from, { queueMs, receivedBps, availableBps, atMs: nowMs });
    const [oldest] = this.#complaints.keys();
    if (this.#complaints.size > MAX_REPORTS && oldest !== undefined) this.#complaints.delete(oldest);
  }

  /** The medians of those who complain, when they are the only one, or at least two and at least half. */
  view(watchers: readonly PeerId[], nowMs: number): ReceiversView | undefined {
    const complaints = watchers.flatMap((peer) => {
      const complaint = this.#complaints.get(peer);
      return complaint !== undefined && nowMs - complaint.atMs <= FRESH_MS ? [complaint] : [];
    });
    const enough = complaints.length >= Math.min(2, watchers.length) && 2 * complaints.length >= watchers.length;
    if (complaints.length === 0 || !enough) return undefined;
    const availableBps = median(complaints.map((complaint) => complaint.availableBps));
    return {
      queueMs: median(complaints.map(({ queueMs }) => queueMs)),
      receivedBps: median(complaints.map(({ receivedBps }) => receivedBps)),
      ...(availableBps < Number.POSITIVE_INFINITY ? { availableBps } : {}),
    };
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    this.#complaints.delete(peer);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
