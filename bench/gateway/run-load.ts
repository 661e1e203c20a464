import { readProcess } from '../issue/read-process.ts';
import type { LoadOptions, LoadResult } from './load.ts';
import { startLoad } from './start-child.ts';

/** What a load found, and what it cost the server. */
export interface MeasuredLoad extends LoadResult {
  /** Answers a second. */
  readonly rate: number;
  /** Microseconds of the server's processor time for one answer, all its threads, the warm-up counted too. */
  readonly processor: number;
}

/** Runs a load against a server of which the process is known. Throws when anything but `status` was answered. */
export async function runLoad(pid: number, options: LoadOptions, status = '200'): Promise<MeasuredLoad> {
  const before = readProcess(pid).processor;
  const result = await startLoad(options).result;
  const used = readProcess(pid).processor - before;
  const others = Object.keys(result.statuses).filter((name) => name !== status);
  if (others.length > 0) throw new Error(`a load was answered with ${JSON.stringify(result.statuses)}`);
  return { ...result, rate: result.answers / result.seconds, processor: (used / result.all) * 1e6 };
}
