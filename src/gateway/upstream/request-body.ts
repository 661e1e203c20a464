import { Readable } from 'node:stream';
import { isCutShort } from '../server/is-cut-short.ts';

/**
 * The body of a client's request on its way to the upstream. It can be destroyed when the upstream wants no more of it
 * without ending the client's connection, which destroying the source would do.
 */
export class RequestBody extends Readable {
  readonly #source: Readable;
  readonly #onProgress: () => void;
  #isStarved = false;

  constructor(source: Readable, onProgress: () => void) {
    super({ highWaterMark: 65_536 });
    this.#source = source;
    this.#onProgress = onProgress;
    source.on('data', this.#take);
    source.on('end', this.#finish);
    source.on('close', this.#cut);
    source.on('error', this.#cut);
    source.pause();
  }

  /** The upstream takes more than the client has sent so far. */
  get isStarved(): boolean {
    return this.#isStarved;
  }

  override _read(): void {
    this.#isStarved = true;
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#release();
    if (!this.#source.readableEnded) this.#source.pause();
    done(error);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#isStarved = false;
    this.#onProgress();
    if (!this.push(chunk)) this.#source.pause();
  };

  readonly #finish = (): void => {
    if (isCutShort(this.#source)) {
      this.#cut();
      return;
    }
    this.#isStarved = false;
    this.#release();
    this.push(null);
  };

  readonly #cut = (): void => {
    this.destroy(new Error('the client went away'));
  };

  #release(): void {
    this.#source.off('data', this.#take);
    this.#source.off('end', this.#finish);
    this.#source.off('close', this.#cut);
  }
}
