import { expect } from 'vitest';
import type { RunningProgram } from '../../../tools/start-program.ts';
import { eventually } from '../control-plane/eventually.ts';

/** Whether a program has written a line with this text. */
export function hasWritten(program: RunningProgram, text: string): boolean {
  return program.lines.some((line) => line.includes(text));
}

/** Waits until a program has written a line with this text. */
export function waitForLine(program: RunningProgram, text: string): Promise<void> {
  return eventually(() => expect(program.lines.join('\n')).toContain(text), { every: 50 });
}
