import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

/** How a text stands out. Colours are never the only carrier of a meaning. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Where a command writes and whom it asks. */
export interface Terminal {
  /** Somebody reads along: standard output is a terminal. */
  readonly isWatched: boolean;
  /** Somebody can answer: standard input and standard error are a terminal. */
  readonly canAsk: boolean;
  /** Width of the terminal; 100 when there is none. */
  readonly columns: number;
  /** Colours only on a terminal, and never with NO_COLOR or TERM=dumb. */
  paint(style: Style, text: string): string;
  /** A line, or several, on standard output. */
  print(text: string): void;
  /** Takes away what was printed on the screen before; does nothing where nobody reads along. */
  clear(): void;
  /** A line on standard error: what is missing, what goes on. */
  note(text: string): void;
  /** What is being waited for: replaced by the next one on a terminal, a line each elsewhere. */
  progress(text: string): void;
  /** Asks on standard error; anything but `y` or `yes` is no. */
  confirm(question: string): Promise<boolean>;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** The streams of this process. */
export function buildTerminal(env: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  const isPlain = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const hasColours = stdout.isTTY === true && !isPlain;
  let shown = false;
  const forget = (): void => {
    if (shown) stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    isWatched: stdout.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : 100,
    paint: (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text),
    print(text) {
      forget();
      stdout.write(`${text}\n`);
    },
    clear() {
      if (stdout.isTTY === true) stdout.write('\x1b[H\x1b[2J');
    },
    note(text) {
      forget();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (stderr.isTTY !== true) {
        stderr.write(`${text}\n`);
        return;
      }
      forget();
      stderr.write(text);
      shown = true;
    },
    async confirm(question) {
      forget();
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        // Ctrl-C and the end of the input are a no.
        const closed = once(lines, 'close').then(() => 'no');
        return /^y(?:es)?$/i.test((await Promise.race([lines.question(`${question} [y/N] `), closed])).trim());
      } finally {
        lines.close();
      }
    },
    async readInput() {
      let text = '';
      stdin.setEncoding('utf8');
      for await (const chunk of stdin) text += chunk;
      return text;
    },
  };
}
