import type { FlowCounts } from '../../api/flow-report.ts';
import { flowEvents, noCounts } from '../../flows/add-counts.ts';
import type { FlowKind } from '../../flows/find-flow-kind.ts';
import type { FlowError, Moved } from '../../flows/moved.ts';
import { readFailure } from '../../flows/read-failure.ts';
import { readLine } from '../../flows/read-line.ts';
import { readWrite } from '../../flows/read-write.ts';
import type { ReplyEnd, ReplyObserver } from '../upstream/reply-observer.ts';
import { TextLines } from './text-lines.ts';

/** Bytes that are kept of an error's body or of one line; the PIM's are a few hundred. */
const longestText = 65_536;
/** Business errors of one call whose text is kept: as many as anybody is shown. */
const mostErrors = 100;

/** Reads one reply on its way to the client. */
export class FlowObserver implements ReplyObserver {
  readonly #kind: FlowKind;
  readonly #product: string | undefined;
  readonly #record: (moved: Moved) => void;
  #status = 0;
  #lines: TextLines | undefined;
  /** Of the body of an error. */
  readonly #parts: Uint8Array[] = [];
  #size = 0;
  readonly #counts: Record<keyof FlowCounts, number> = { ...noCounts };
  readonly #errors: FlowError[] = [];

  /**
   * @param product name of the product in the path.
   * @param record called once, when the reply ended, unless it moved nothing.
   */
  constructor(kind: FlowKind, product: string | undefined, record: (moved: Moved) => void) {
    this.#kind = kind;
    this.#product = product;
    this.#record = record;
  }

  start(status: number): boolean {
    this.#status = status;
    if (this.#kind === 'page' || this.#kind === 'one') return false;
    if (this.#kind === 'lines' && status === 200) {
      this.#lines = new TextLines(longestText, (line) => this.#add(readLine(line)));
      return true;
    }
    return status === 422;
  }

  data(bytes: Uint8Array): void {
    if (this.#lines !== undefined) {
      this.#lines.write(bytes);
      return;
    }
    const kept = bytes.subarray(0, longestText - this.#size);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#size += kept.length;
  }

  end({ items, whole }: ReplyEnd): void {
    this.#lines?.end();
    if (this.#lines === undefined) this.#add(this.#read(items, whole));
    if (flowEvents.some((event) => this.#counts[event] > 0)) {
      this.#record({ counts: this.#counts, errors: this.#errors });
    }
  }

  /** Products count as sent when all of the reply went out; a write is done whoever hears of it. */
  #read(items: number, whole: boolean): Moved {
    const isSuccess = this.#status >= 200 && this.#status < 300;
    switch (this.#kind) {
      case 'page':
        return { counts: { sent: isSuccess && whole ? items : 0 }, errors: [] };
      case 'one':
        return { counts: { sent: isSuccess && whole ? 1 : 0 }, errors: [] };
      case 'write':
        return readWrite(this.#status, this.#parse(), this.#product);
      default:
        return readFailure(this.#status, this.#parse(), this.#product);
    }
  }

  #parse(): unknown {
    if (this.#size === 0) return undefined;
    try {
      return JSON.parse(Buffer.concat(this.#parts).toString('utf8'));
    } catch {
      return undefined;
    }
  }

  #add({ counts, errors }: Moved): void {
    // Spelled out: this runs for every line.
    if (counts.created !== undefined) this.#counts.created += counts.created;
    if (counts.updated !== undefined) this.#counts.updated += counts.updated;
    if (counts.sent !== undefined) this.#counts.sent += counts.sent;
    if (counts.business !== undefined) this.#counts.business += counts.business;
    if (counts.technical !== undefined) this.#counts.technical += counts.technical;
    if (errors.length === 0) return;
    // The last ones are those that are shown.
    this.#errors.push(...errors);
    if (this.#errors.length > mostErrors) this.#errors.splice(0, this.#errors.length - mostErrors);
  }
}
