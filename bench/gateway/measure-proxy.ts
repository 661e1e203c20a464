import { targets } from './build-bodies.ts';
import { buildRequest, logIn } from './client.ts';
import { type RateResult, summarize } from './measure-authz.ts';
import { type MeasuredLoad, runLoad } from './run-load.ts';
import type { GatewayScene } from './start-scene.ts';

const names = { product: 'one product', page: 'a page of 100 products', file: 'a file of 1 MB' } as const;

/** Calls through the gateway and through a plain proxy to the same PIM, one after the other, in rounds. */
export async function measureProxy(
  { gateway, proxy, generated }: GatewayScene,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly (readonly [plain: RateResult, ours: RateResult])[]> {
  const { access } = await logIn(gateway.origin, generated);
  const results: (readonly [RateResult, RateResult])[] = [];
  for (const kind of ['product', 'page', 'file'] as const) {
    const requests = [buildRequest('GET', targets[kind], { authorization: `Bearer ${access}` })];
    const [plain, ours]: [MeasuredLoad[], MeasuredLoad[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      for (const [server, loads] of [
        [proxy, plain],
        [gateway, ours],
      ] as const) {
        const load = { port: server.port, connections: 50, warmUp: 1, seconds, requests, every: 0 };
        loads.push(await runLoad(server.pid, load));
      }
    }
    results.push([summarize(`${names[kind]}: plain proxy`, plain), summarize(`${names[kind]}: gateway`, ours)]);
  }
  return results;
}
