import { setTimeout as sleep } from 'node:timers/promises';
import { buildLogin, buildRequest, logIn, refresh, type Tokens } from './client.ts';
import type { LoadResult } from './load.ts';
import { startLoad } from './start-child.ts';
import type { GatewayScene } from './start-scene.ts';

/** Milliseconds between two logins or refreshes of the connector. */
const renewEvery = 100;
/** Connections of the attacker, each of which guesses as fast as it is answered. */
const attackers = 16;
/** Callers of `/authz`, and milliseconds between two calls of each. */
const callers = 50;
const callEvery = 100;

export interface FloodResult {
  readonly calm: LoadResult;
  readonly flooded: LoadResult;
  /** What the attacker was answered, by status. */
  readonly guesses: LoadResult;
  /** Logins and refreshes of the connector during the flood, and those that failed. */
  readonly renewed: number;
  readonly failed: number;
}

/**
 * A connector with adopted values calls, logs in and refreshes while somebody at its own address guesses its password and
 * its client secret. Calm and flooded stretches take turns, so that what else the machine does is in both.
 */
export async function measureFlood(
  scene: GatewayScene,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly FloodResult[]> {
  const { gateway, adopted } = scene;
  let tokens = await logIn(gateway.origin, adopted);
  const results: FloodResult[] = [];
  for (let round = 0; round < rounds; round++) {
    const calm = await startLoad(buildCalls(scene, tokens, seconds)).result;
    const calls = startLoad(buildCalls(scene, tokens, seconds));
    const guesses = startLoad(buildGuesses(scene, seconds));
    const renewing = renew(scene, tokens, seconds);
    const flooded = await calls.result;
    const attacked = await guesses.result;
    const { newest, ...counts } = await renewing;
    tokens = newest;
    results.push({ calm, flooded, guesses: attacked, ...counts });
  }
  return results;
}

function buildCalls({ gateway }: GatewayScene, { access }: Tokens, seconds: number) {
  const requests = [buildRequest('GET', '/authz/api/rest/v1/products', { authorization: `Bearer ${access}` })];
  return { port: gateway.port, connections: callers, warmUp: 1, seconds, requests, every: callEvery };
}

/** A hundred wrong passwords with a client of the attacker's own, and as many wrong secrets of the connector's client. */
function buildGuesses({ gateway, generated, adopted }: GatewayScene, seconds: number) {
  const guesses = Array.from({ length: 100 }, (_, index) => `guess-${index}`);
  const requests = guesses.flatMap((guess) => [
    buildLogin(generated, { ...adopted, password: guess }),
    buildLogin({ ...adopted, 'client-secret': guess }, adopted),
  ]);
  return { port: gateway.port, connections: attackers, warmUp: 1, seconds, requests, every: 0 };
}

/** The connector's own logins and refreshes, in turns. */
async function renew({ gateway, adopted }: GatewayScene, first: Tokens, seconds: number) {
  const until = performance.now() + seconds * 1000;
  let newest = first;
  let [renewed, failed] = [0, 0];
  while (performance.now() < until) {
    try {
      newest =
        renewed % 2 === 0
          ? await refresh(gateway.origin, adopted, newest.refresh)
          : await logIn(gateway.origin, adopted);
    } catch {
      failed++;
    }
    renewed++;
    await sleep(renewEvery);
  }
  return { newest, renewed, failed };
}
