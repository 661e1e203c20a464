import { buildLogin } from './client.ts';
import { type RateResult, summarize } from './measure-authz.ts';
import { type MeasuredLoad, runLoad } from './run-load.ts';
import type { GatewayScene } from './start-scene.ts';

/** Logins with the password grant, of a connection with generated values and of one with adopted ones. */
export async function measureTokens(
  { gateway, generated, adopted }: GatewayScene,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly RateResult[]> {
  const results: RateResult[] = [];
  for (const [name, texts] of [
    ['generated values', generated],
    ['adopted values', adopted],
  ] as const) {
    const loads: MeasuredLoad[] = [];
    for (let round = 0; round < rounds; round++) {
      const requests = [buildLogin(texts, texts)];
      // Beside a bcrypt at most 32 wait: first one, then many.
      const load = { port: gateway.port, connections: 20, warmUp: 1, seconds, requests, every: 0 };
      loads.push(await runLoad(gateway.pid, load));
    }
    results.push(summarize(`logins, ${name}`, loads));
  }
  return results;
}
