import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../../tools/start-program.ts';
import type { LoadOptions, LoadResult } from './load.ts';

/** A server of the bench in a process of its own. */
export interface BenchServer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts `serve.ts`: a bare server, the PIM, or the plain proxy in front of an origin. */
export async function startServer(kind: 'bare' | 'pim' | 'proxy', upstream = ''): Promise<BenchServer> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const program = startProgram({
    file: 'bench/gateway/serve.ts',
    args: [kind, upstream],
    onLine: (line) => {
      if (line.startsWith('{')) resolve((JSON.parse(line) as { port: number }).port);
    },
  });
  void program.exited.then(() => reject(new Error(`${kind} ended:\n${program.lines.join('\n')}`)));
  const port = await promise;
  return { pid: program.pid, port, stop: async () => void (await program.stop('SIGKILL')) };
}

/** A load that is under way. */
export interface RunningLoad {
  readonly result: Promise<LoadResult>;
}

/** Starts `load.ts` in a process of its own. */
export function startLoad(options: LoadOptions): RunningLoad {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const file = join(folder, 'options.json');
  writeFileSync(file, JSON.stringify(options));
  const program = startProgram({ file: 'bench/gateway/load.ts', args: [file] });
  const result = program.exited.then(({ code }) => {
    rmSync(folder, { recursive: true, force: true });
    const line = program.lines.findLast((text) => text.startsWith('{"answers"'));
    if (code !== 0 || line === undefined) throw new Error(`the load ended with ${code}:\n${program.lines.join('\n')}`);
    return JSON.parse(line) as LoadResult;
  });
  return { result };
}
