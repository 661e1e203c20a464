import type { Exchange } from './exchange.ts';
import { isCutShort } from './is-cut-short.ts';

/** The whole body, or why there is none: too long, no room, nothing of it came for too long, or the client went away. */
export type WholeBody = Buffer | 'tooLong' | 'noRoom' | 'late' | 'gone';

/** What a body may be. */
export interface BodyLimits {
  /** Bytes. */
  readonly longest: number;
  /** Milliseconds in which nothing of it arrives. */
  readonly idle: number;
  /** Asked before each part of it is kept. */
  readonly mayKeep: (bytes: number) => boolean;
}

/**
 * Collects a body that is judged before anything of it goes further. No limit on the time of one that moves.
 *
 * @param length what Content-Length says, if anything
 */
export function readWholeBody(
  exchange: Exchange,
  length: number | undefined,
  { longest, idle, mayKeep }: BodyLimits,
): Promise<WholeBody> {
  if (!exchange.hasBody) return Promise.resolve(Buffer.alloc(0));
  if (length !== undefined && length > longest) return Promise.resolve('tooLong');
  const { body } = exchange;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (outcome: WholeBody): void => {
      clearTimeout(timer);
      body.off('data', take);
      body.off('end', end);
      body.off('close', cut);
      body.off('error', cut);
      body.pause();
      resolve(outcome);
    };
    const take = (chunk: Buffer): void => {
      timer.refresh();
      size += chunk.length;
      if (size > longest) finish('tooLong');
      else if (!mayKeep(chunk.length)) finish('noRoom');
      else chunks.push(chunk);
    };
    const end = (): void => finish(isCutShort(body) ? 'gone' : Buffer.concat(chunks));
    const cut = (): void => finish('gone');
    const timer = setTimeout(() => finish('late'), idle);
    body.on('data', take);
    body.on('end', end);
    body.on('close', cut);
    body.on('error', cut);
    exchange.askForBody();
  });
}
