import { afterAll, beforeAll, expect } from 'vitest';
import { type SampleApi, type SeenRequest, startSampleApi } from '../../../tools/sample-api/start-sample-api.ts';
import type { OperatorScene } from '../connections/use-operator.ts';
import { type GatewayOptions, type RunningGateway, startGateway } from './start-gateway.ts';

/** Gateways of a test file and the sample API behind them. Usable from the first test on. */
export interface GatewayScene {
  readonly gateways: readonly RunningGateway[];
  readonly api: SampleApi;
  /** What reached the API so far. */
  readonly reached: readonly SeenRequest[];
}

/**
 * Starts gateways on the scene's first namespace, each with a store of its own. After the last test they still run, and no
 * value that a test saw stands in their logs.
 */
export function useGateways(scene: OperatorScene, count = 1, config: GatewayOptions['config'] = {}): GatewayScene {
  const gateways: RunningGateway[] = [];
  const reached: SeenRequest[] = [];
  let api: SampleApi | undefined;
  beforeAll(async () => {
    api = await startSampleApi({ onRequest: (request) => void reached.push(request) });
    const options = { namespaces: [scene.desk.namespace], upstream: api.origin, config };
    for (let i = 0; i < count; i++) gateways.push(await startGateway(options));
    await Promise.all(gateways.map((gateway) => gateway.ready()));
  });
  afterAll(async () => {
    const lines = gateways.flatMap((gateway) => gateway.lines);
    const ends = await Promise.all(gateways.map((gateway) => gateway.stop()));
    await api?.stop();
    expect(ends).toEqual(gateways.map(() => ({ code: 0, signal: null })));
    expect([...scene.desk.seen].filter((value) => lines.some((line) => line.includes(value)))).toEqual([]);
    expect(lines.filter((line) => line.includes('a request failed'))).toEqual([]);
  });
  return {
    gateways,
    get api() {
      if (api === undefined) throw new Error('usable from the first test on');
      return api;
    },
    reached,
  };
}
