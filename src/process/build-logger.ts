import { type DestinationStream, type Logger, pino } from 'pino';

/** A structured log, one JSON object a line on standard output; `level` is info when absent. */
export function buildLogger(program: string, level = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { program },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
