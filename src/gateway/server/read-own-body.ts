import { longestBody } from '../token/read-parameters.ts';
import type { Exchange } from './exchange.ts';
import { isCutShort } from './is-cut-short.ts';

/** Milliseconds that it may take. */
const patience = 10_000;

/** The whole body, or why there is none: too long, not in time, or the client went away. */
export type OwnBody = Buffer | 'tooLong' | 'late' | 'gone';

/** @param length what Content-Length says, if anything. */
export function readOwnBody(exchange: Exchange, length: number | undefined): Promise<OwnBody> {
  if (!exchange.hasBody) return Promise.resolve(Buffer.alloc(0));
  if (length !== undefined && length > longestBody) return Promise.resolve('tooLong');
  const { body } = exchange;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (outcome: OwnBody): void => {
      clearTimeout(timer);
      body.off('data', take);
      body.off('end', end);
      body.off('close', cut);
      body.pause();
      resolve(outcome);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > longestBody) finish('tooLong');
      else chunks.push(chunk);
    };
    const end = (): void => finish(isCutShort(body) ? 'gone' : Buffer.concat(chunks));
    const cut = (): void => finish('gone');
    const timer = setTimeout(() => finish('late'), patience);
    body.on('data', take);
    body.on('end', end);
    body.on('close', cut);
    body.on('error', cut);
    exchange.askForBody();
  });
}
