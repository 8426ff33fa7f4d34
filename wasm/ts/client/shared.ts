import type { RawClaiming, RawSharedGuard } from '../facade/engine.js';

/** In the client's bundle this stands for the façade's own: there is no guard that replicas share, so nothing is one. */
export class SharedReplayGuard {}

/** @internal */
export function rawShared(_guard: unknown): RawSharedGuard | undefined {
  return undefined;
}

/** Never called: no verifier has such a guard. @internal */
export function settled<V>(_guard: SharedReplayGuard, claiming: RawClaiming<V>): Promise<V> {
  return Promise.resolve(claiming.settle(NaN));
}
