import { readFileSync } from 'node:fs';

export interface ProcessUse {
  /** Resident memory now and at most, in bytes. */
  readonly resident: number;
  readonly peak: number;
  /** Seconds of processor time, user and system. */
  readonly processor: number;
}

/** Clock ticks a second in /proc on every Linux that Node runs on. */
const ticks = 100;

/** What a process uses, from /proc: so on Linux only. */
export function readProcess(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
  // The fields after the name, which stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    resident: kibibytes('VmRSS') * 1024,
    peak: kibibytes('VmHWM') * 1024,
    processor: (Number(fields[11]) + Number(fields[12])) / ticks,
  };
}
