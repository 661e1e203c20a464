/** Loaded before a program (`NODE_OPTIONS=--import …`), it lets its wall clock run `CLOCK_AHEAD` milliseconds ahead. */
const ahead = Number(process.env.CLOCK_AHEAD ?? '0');
const TrueDate = Date;

globalThis.Date = class extends TrueDate {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(TrueDate.now() + ahead);
    else super(...(args as [number]));
  }

  static override now(): number {
    return TrueDate.now() + ahead;
  }
} as DateConstructor;
